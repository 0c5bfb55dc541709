using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Resp;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Caches.Scan;

/// <summary>
/// Takes the data set of a node that hands out nothing by replication, key by key: SCAN, DUMP and PEXPIRETIME, as a valid RDB file. Each key is
/// as it was at one moment of its own; a key that exists from beginning to end is in the file once.
/// <para>The least ACL: <c>~* +info +time +select +scan +multi +exec +dump +pexpiretime</c> (before 7.0 <c>+pttl</c>), with <c>+object|idletime</c> or
/// <c>+object|freq</c> where the eviction policy uses them, <c>+function|dump</c> for functions, <c>+module|list</c> to hear of modules,
/// <c>+client|no-touch</c> so that cold keys stay cold, <c>+ping</c> to measure latency.</para>
/// </summary>
public sealed class ScanSource(CacheAddress address, ICredentials credentials, ScanOptions options, TimeProvider time) : ISlicedSource
{
    /// <summary>Why keys are scanned and not replicated; it becomes part of the origin's method.</summary>
    public string? Reason { get; init; }

    /// <summary>Said at the file's beginning instead of the server's time and memory, so that two scans of one data set are equal; null: what the server says.</summary>
    internal (DateTimeOffset Time, long UsedMemoryBytes)? Stated { get; init; }

    /// <summary>All of it in one slice.</summary>
    /// <inheritdoc cref="OpenAsync(SliceLimit, ScanHalt?, CancellationToken)"/>
    public Task<SnapshotTransfer> OpenAsync(CancellationToken cancellationToken) => OpenAsync(SliceLimit.None, null, cancellationToken);

    /// <summary>One attempt at a slice. A connection that is lost on the way costs the slice.</summary>
    /// <exception cref="CacheUnreachableException">No connection, or it was lost.</exception>
    /// <exception cref="CacheTlsException">The TLS handshake failed.</exception>
    /// <exception cref="CacheAccessDeniedException">Wrong credentials, or a right is missing.</exception>
    /// <exception cref="CacheLoadingException">The node is loading, or is a replica without its primary.</exception>
    /// <exception cref="ScanRefusedException">It has more keys than can be remembered, or is a node of a cluster that was not known to be one.</exception>
    /// <exception cref="CacheProtocolException">The node does not answer as a cache does.</exception>
    /// <exception cref="TransferCutException">Since the slice before, keys may have gone missing that this one would not find.</exception>
    public async Task<SnapshotTransfer> OpenAsync(SliceLimit slice, ScanHalt? from, CancellationToken cancellationToken)
    {
        options.Validate();
        RespConnection connection = await ConnectAsync(cancellationToken).ConfigureAwait(false);
        RespConnection? beside = null;
        try
        {
            ScanGreeting greeting = await ScanGreeting.AskAsync(connection, cancellationToken).ConfigureAwait(false);
            RequireKnownShard(greeting);
            RequireRoom(greeting, from);
            if (greeting.HasNoTouch)
            {
                // Refused by the ACL, keys look used; that is no reason to fail.
                await connection.SendAsync(new RespCommand("CLIENT NO-TOUCH", "ON"), cancellationToken).ConfigureAwait(false);
            }

            ScanContents contents = from is null
                ? await BeginAsync(connection, greeting, cancellationToken).ConfigureAwait(false)
                : GoOn(from.Position, greeting);
            beside = await ConnectAsync(cancellationToken).ConfigureAwait(false);
            return new ScanTransfer(connection, beside, contents, slice, from, options, time);
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            if (beside is not null)
            {
                await beside.DisposeAsync().ConfigureAwait(false);
            }

            throw;
        }
    }

    private Task<RespConnection> ConnectAsync(CancellationToken cancellationToken) =>
        RespConnection.ConnectAsync(address, credentials, options.Connection, time, cancellationToken);

    private void RequireKnownShard(ScanGreeting greeting)
    {
        if (greeting.IsInCluster && options.Slots is null)
        {
            throw new ScanRefusedException(
                $"{address.Endpoint} runs in cluster mode, and is known as a cache without: it holds a part of the keys alone. Register the cache anew.");
        }
    }

    private async Task<ScanContents> BeginAsync(RespConnection connection, ScanGreeting greeting, CancellationToken cancellationToken)
    {
        IReadOnlyList<string>? modules = await ModulesAsync(connection, cancellationToken).ConfigureAwait(false);
        (ReadOnlyMemory<byte>? functions, bool isUnknown) = await FunctionsAsync(connection, greeting, cancellationToken).ConfigureAwait(false);
        if (Stated is { } stated)
        {
            greeting = greeting with { ServerTime = stated.Time, UsedMemoryBytes = stated.UsedMemoryBytes };
        }

        SnapshotOrigin origin = new()
        {
            Engine = greeting.Engine,
            Version = greeting.Version,
            RunId = greeting.RunId,
            ServerTime = greeting.ServerTime,
            ClockOffset = greeting.ClockOffset,
            Consistency = SnapshotConsistency.PerKey,
            Method = MethodOf(greeting, isUnknown, modules),
        };
        ScanReport nothing = new()
        {
            KeysAtStart = greeting.Keys,
            KeysAtEnd = greeting.Keys,
            Vanished = 0,
            Repeated = 0,
            Expired = 0,
            Evicted = 0,
            Duration = TimeSpan.Zero,
            FunctionsUnknown = isUnknown,
            Modules = modules,
            ApproximateExpiries = !greeting.HasSevensCommands,
        };
        return new ScanContents(greeting, functions, origin, nothing);
    }

    /// <summary>
    /// In the process that issued the cursor the scan goes on. In another the database at hand is scanned again, and the keys that were taken are known: as
    /// long as it has what the first had, by the number of its keys.
    /// </summary>
    private ScanContents GoOn(ScanPosition position, ScanGreeting greeting)
    {
        bool isSameProcess = greeting.RunId == position.RunId;
        NodeState.Of(position).RequireSameData(address.Endpoint, NodeState.Of(greeting));
        return new ScanContents(
            greeting,
            null,
            position.Origin,
            position.Report with
            {
                Rescans = (position.Report.Rescans ?? 0) + (isSameProcess ? 0 : 1) is > 0 and var rescans ? rescans : null,
                Expired = position.Report.Expired + (isSameProcess ? ScanGreeting.Since(position.ExpiredKeys, greeting.ExpiredKeys) : 0),
                Evicted = position.Report.Evicted + (isSameProcess ? ScanGreeting.Since(position.EvictedKeys, greeting.EvictedKeys) : 0),
            });
    }

    private void RequireRoom(ScanGreeting greeting, ScanHalt? from) =>
        // After a restart the keys of both processes are remembered: most of them are the same.
        options.RequireRoomFor(Math.Max(greeting.Keys, from?.Keys?.Count ?? 0));

    /// <summary>Null: none, or the user may not ask, or the server has no modules at all.</summary>
    private static async Task<IReadOnlyList<string>?> ModulesAsync(RespConnection connection, CancellationToken cancellationToken)
    {
        RespReply reply = await connection.SendAsync(new RespCommand("MODULE LIST"), cancellationToken).ConfigureAwait(false);
        if (!reply.TryGetItems(out ReadOnlyMemory<RespReply> modules) || modules.IsEmpty)
        {
            return null;
        }

        var names = new List<string>();
        foreach (RespReply module in modules.Span)
        {
            if (module.TryGetItems(out ReadOnlyMemory<RespReply> fields) && fields.Length > 1 && fields.Span[1].TryGetText(out string name))
            {
                names.Add(name);
            }
        }

        return names;
    }

    private static async Task<(ReadOnlyMemory<byte>? Payload, bool IsUnknown)> FunctionsAsync(
        RespConnection connection, ScanGreeting greeting, CancellationToken cancellationToken)
    {
        if (!greeting.HasSevensCommands)
        {
            return (null, false);
        }

        RespReply reply = await connection.SendAsync(new RespCommand("FUNCTION DUMP"), cancellationToken).ConfigureAwait(false);
        ReadOnlyMemory<byte>? functions = reply.TryGetBytes(out ReadOnlyMemory<byte> payload) ? payload : default(ReadOnlyMemory<byte>?);
        return (functions, functions is null);
    }

    private string MethodOf(ScanGreeting greeting, bool functionsUnknown, IReadOnlyList<string>? modules)
    {
        string[] notes =
        [
            .. Reason is null ? Array.Empty<string>() : [Reason],
            .. greeting.HasSevensCommands ? Array.Empty<string>() : ["expiries ±1 ms"],
            .. functionsUnknown ? ["functions unknown"] : Array.Empty<string>(),
            .. modules is null ? Array.Empty<string>() : ["without what modules keep outside of keys"],
        ];
        return notes is [] ? "scan" : $"scan ({string.Join("; ", notes)})";
    }
}
