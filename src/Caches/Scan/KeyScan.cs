using System.Text;
using CacheBackup.Core.Model;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Resp;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Caches.Scan;

/// <summary>
/// Takes the keys of one database: SCAN names them, and each is read with its expiry and what the server keeps of its use in one transaction, so
/// that no old value is paired with a new expiry. Everything is pipelined over one connection: while values arrive, the next are asked for.
/// <para>Where the slice is over nothing more is asked for, and what was asked for is still taken. Names that are left are forgotten: their page is asked
/// for again by the slice that follows, which knows what was taken of it.</para>
/// </summary>
internal sealed class KeyScan(
    RespConnection connection,
    ScanFile file,
    ScanGreeting greeting,
    ScanOptions options,
    ScanPace pace,
    RememberedKeys remembered,
    KeyHash hash,
    SliceLimit slice)
{
    private static readonly byte[] FirstCursor = "0"u8.ToArray();

    // Whoever owns all slots owns every key.
    private readonly bool[]? _owned = options.Slots is { } slots && slots != SlotSet.All ? slots.ToTable() : null;
    private readonly ScanFileMark _begin = file.Mark;
    private readonly Queue<NamedKey> _named = new();
    private readonly Queue<ReadOnlyMemory<byte>[]?> _asked = new();
    private byte[] _cursor = FirstCursor;
    private int _inFlight;
    private bool _isScanAsked;
    private bool _isNamedWhole;
    private bool _isHalting;
    private bool _hasGoneOn;
    private bool _isAskedAgain;

    /// <summary>Keys that were gone when their value was asked for.</summary>
    public long Vanished { get; private set; }

    /// <summary>Keys that the server named again.</summary>
    public long Repeated { get; private set; }

    /// <summary>Keys of slots that the shard does not own.</summary>
    public long Foreign { get; private set; }

    /// <param name="database">Is selected.</param>
    /// <param name="from">Where another slice of the same process left; null: from the beginning.</param>
    /// <returns>Where to go on; null: the database is taken.</returns>
    public async Task<string?> RunAsync(int database, string? from, CancellationToken cancellationToken)
    {
        await SelectAsync(database, cancellationToken).ConfigureAwait(false);
        _cursor = from is null ? FirstCursor : Encoding.ASCII.GetBytes(from);
        _isNamedWhole = false;
        _isAskedAgain = from is not null;
        while (true)
        {
            _isHalting = _isHalting || (_hasGoneOn && IsOver());
            if (!_isHalting)
            {
                await AskAsync(cancellationToken).ConfigureAwait(false);
            }

            if (!_asked.TryDequeue(out ReadOnlyMemory<byte>[]? group))
            {
                return Leave(database);
            }

            if (group is null)
            {
                await ReadNamesAsync(database, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await ReadGroupAsync(database, group, cancellationToken).ConfigureAwait(false);
                _inFlight -= group.Length;
                _hasGoneOn = true;
                await pace.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>With what is on its way, as far as that can be foreseen: the slice is to end where it was meant to.</summary>
    private bool IsOver() => slice.IsReached(
        file.Mark.Keys - _begin.Keys + _inFlight, file.Mark.Bytes - _begin.Bytes + (long)(_inFlight * pace.AverageBytes));

    private string? Leave(int database)
    {
        if (_named.Count == 0 && _isNamedWhole)
        {
            return null;
        }

        string cursor = Encoding.ASCII.GetString(_named.TryPeek(out NamedKey first) ? first.Page : _cursor);
        while (_named.TryDequeue(out NamedKey left))
        {
            remembered.TakeBack(hash.Of(database, left.Key.Span));
        }

        return cursor;
    }

    private async ValueTask SelectAsync(int database, CancellationToken cancellationToken)
    {
        if (connection.WriteSelect(database))
        {
            await connection.FlushAsync(cancellationToken).ConfigureAwait(false);
            RespReply selected = await connection.ReadReplyAsync(cancellationToken).ConfigureAwait(false);
            if (!selected.IsOk)
            {
                throw connection.Refusal("SELECT", selected);
            }
        }
    }

    /// <summary>Keeps the server busy: half a window is left when the next half is asked for, and names come before they are needed.</summary>
    private async ValueTask AskAsync(CancellationToken cancellationToken)
    {
        int window = pace.Window;
        if (_inFlight > window / 2)
        {
            return;
        }

        while (_named.Count > 0 && _inFlight < window && (!IsOver() || (!_hasGoneOn && _inFlight == 0)))
        {
            ReadOnlyMemory<byte>[] group = TakeGroup();

            WriteGroup(group);
            _asked.Enqueue(group);
            _inFlight += group.Length;
        }

        if (!_isNamedWhole && !_isScanAsked && _named.Count < window)
        {
            connection.Write(new RespCommand("SCAN", _cursor, "COUNT", options.Count));
            _asked.Enqueue(null);
            _isScanAsked = true;
        }

        if (connection.UnflushedBytes > 0)
        {
            await connection.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Keys of one transaction: in cluster mode they are of one slot, and servers that keep keys by slot (7.4, Valkey 8) name them together.</summary>
    private ReadOnlyMemory<byte>[] TakeGroup()
    {
        int most = Math.Min(ScanOptions.KeysAtOnce, _named.Count);
        var group = new List<ReadOnlyMemory<byte>>(most) { _named.Dequeue().Key };
        int? slot = greeting.IsInCluster ? KeySlot.Of(group[0].Span) : null;
        while (group.Count < most && (slot is null || KeySlot.Of(_named.Peek().Key.Span) == slot))
        {
            group.Add(_named.Dequeue().Key);
        }

        return [.. group];
    }

    private async ValueTask ReadNamesAsync(int database, CancellationToken cancellationToken)
    {
        RespReply reply = await connection.ReadReplyAsync(cancellationToken).ConfigureAwait(false);
        if (!reply.TryGetItems(out ReadOnlyMemory<RespReply> parts)
            || parts.Length != 2
            || !parts.Span[0].TryGetBytes(out ReadOnlyMemory<byte> cursor)
            || !parts.Span[1].TryGetItems(out ReadOnlyMemory<RespReply> names))
        {
            throw connection.Refusal("SCAN", reply);
        }

        byte[] page = _cursor;
        int named = _named.Count;
        _isScanAsked = false;
        _cursor = cursor.ToArray();
        _isNamedWhole = cursor.Span.SequenceEqual(FirstCursor);
        foreach (RespReply name in names.Span)
        {
            if (!name.TryGetBytes(out ReadOnlyMemory<byte> key))
            {
                throw connection.Refusal("SCAN", name);
            }

            if (_owned is not null && !_owned[KeySlot.Of(key.Span)])
            {
                Foreign += _isAskedAgain ? 0 : 1;
            }
            else if (remembered.TryAdd(hash.Of(database, key.Span)))
            {
                _named.Enqueue(new NamedKey(key, page));
            }
            else if (!_isAskedAgain)
            {
                Repeated++;
            }
        }

        _isAskedAgain = false;
        _hasGoneOn |= _named.Count == named;
    }

    private void WriteGroup(ReadOnlyMemory<byte>[] group)
    {
        connection.BeginCommand(1).WriteBulk("MULTI"u8);
        if (!greeting.HasSevensCommands)
        {
            connection.BeginCommand(1).WriteBulk("TIME"u8);
        }

        foreach (ReadOnlyMemory<byte> key in group)
        {
            // The use of a key is asked for first: DUMP counts as one where NO-TOUCH is not to be had.
            if (greeting.Access != AccessKind.None)
            {
                var access = connection.BeginCommand(3);
                access.WriteBulk("OBJECT"u8);
                access.WriteBulk(greeting.Access == AccessKind.Idle ? "IDLETIME"u8 : "FREQ"u8);
                access.WriteBulk(key.Span);
            }

            var expiry = connection.BeginCommand(2);
            expiry.WriteBulk(greeting.HasSevensCommands ? "PEXPIRETIME"u8 : "PTTL"u8);
            expiry.WriteBulk(key.Span);
            var dump = connection.BeginCommand(2);
            dump.WriteBulk("DUMP"u8);
            dump.WriteBulk(key.Span);
        }

        connection.BeginCommand(1).WriteBulk("EXEC"u8);
    }

    private async ValueTask ReadGroupAsync(int database, ReadOnlyMemory<byte>[] group, CancellationToken cancellationToken)
    {
        int expected = (greeting.HasSevensCommands ? 0 : 1) + (group.Length * (greeting.Access == AccessKind.None ? 2 : 3));
        await ReadQueuedAsync(expected, cancellationToken).ConfigureAwait(false);
        (long? elements, RespReply other) = await connection.ReadArrayHeadAsync(cancellationToken).ConfigureAwait(false);
        if (elements != expected)
        {
            throw connection.Refusal("EXEC", other);
        }

        long clock = greeting.HasSevensCommands ? 0 : await ReadClockAsync(cancellationToken).ConfigureAwait(false);
        foreach (ReadOnlyMemory<byte> key in group)
        {
            RespReply access = greeting.Access == AccessKind.None ? default : await connection.ReadReplyAsync(cancellationToken).ConfigureAwait(false);
            RespReply expiry = await connection.ReadReplyAsync(cancellationToken).ConfigureAwait(false);
            RespReplyHead dump = await connection.ReadHeadAsync(cancellationToken).ConfigureAwait(false);
            if (dump.Body is null)
            {
                Vanished += dump.Reply.IsNil ? 1 : throw connection.Refusal("DUMP", dump.Reply);
                continue;
            }

            await file.WriteAsync(HeadOf(database, access, expiry, clock), key, dump, cancellationToken).ConfigureAwait(false);
            pace.Count(dump.LengthBytes);
        }
    }

    /// <summary>The answers to MULTI and to all that it queued. The first refusal among them is why EXEC will do nothing.</summary>
    private async ValueTask ReadQueuedAsync(int commands, CancellationToken cancellationToken)
    {
        RespReply begun = await connection.ReadReplyAsync(cancellationToken).ConfigureAwait(false);
        if (!begun.IsOk)
        {
            throw connection.Refusal("MULTI", begun);
        }

        for (int i = 0; i < commands; i++)
        {
            i += connection.TakeRepeated(RespReplyReader.QueuedLine, commands - i);
            if (i == commands)
            {
                return;
            }

            RespReply queued = await connection.ReadReplyAsync(cancellationToken).ConfigureAwait(false);
            if (!queued.IsQueued)
            {
                throw connection.Refusal(NameOf(i), queued);
            }
        }
    }

    /// <summary>Name and subcommand of a transaction's command, for errors.</summary>
    private string NameOf(int index)
    {
        int first = greeting.HasSevensCommands ? 0 : 1;
        int each = greeting.Access == AccessKind.None ? 2 : 3;
        return index < first ? "TIME" : (each - 1 - ((index - first) % each)) switch
        {
            0 => "DUMP",
            1 => greeting.HasSevensCommands ? "PEXPIRETIME" : "PTTL",
            _ => greeting.Access == AccessKind.Idle ? "OBJECT IDLETIME" : "OBJECT FREQ",
        };
    }

    private async ValueTask<long> ReadClockAsync(CancellationToken cancellationToken)
    {
        RespReply reply = await connection.ReadReplyAsync(cancellationToken).ConfigureAwait(false);
        return ServerClock.TryParse(reply, out DateTimeOffset time) ? time.ToUnixTimeMilliseconds() : throw connection.Refusal("TIME", reply);
    }

    private RdbEntryHead HeadOf(int database, in RespReply access, in RespReply expiry, long clock)
    {
        if (!expiry.TryGetNumber(out long milliseconds))
        {
            throw connection.Refusal(greeting.HasSevensCommands ? "PEXPIRETIME" : "PTTL", expiry);
        }

        // A server whose eviction policy was changed meanwhile answers with an error: then nothing is known of the use.
        bool isKnown = access.TryGetNumber(out long use) && use >= 0;
        return new RdbEntryHead
        {
            Database = database,
            Magic = RdbMagic.Redis,
            Type = RdbType.String,
            ExpireAtMilliseconds = milliseconds >= 0 ? clock + milliseconds : null,
            IdleSeconds = isKnown && greeting.Access == AccessKind.Idle ? use : null,
            Frequency = isKnown && greeting.Access == AccessKind.Frequency ? (byte)Math.Min(use, byte.MaxValue) : null,
        };
    }

    /// <param name="Page">The cursor that SCAN named it for.</param>
    private readonly record struct NamedKey(ReadOnlyMemory<byte> Key, byte[] Page);
}
