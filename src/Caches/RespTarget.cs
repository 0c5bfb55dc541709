using System.Globalization;
using CacheBackup.Caches.Probe;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Resp;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Caches;

/// <summary>
/// A Redis or Valkey node that is being filled and read back (5.0 or later) over one <see cref="RespConnection"/>. Memory:
/// the connection's buffers, and on reading back one value up to 1 MiB at a time; larger ones stream. After any exception it is to be
/// disposed.
/// </summary>
public sealed partial class RespTarget : IRestoreTarget
{
    /// <summary>What a server takes in one argument unless it is told otherwise.</summary>
    private const long DefaultLongestArgumentBytes = 512L * 1024 * 1024;

    private readonly RespConnection _connection;
    private readonly ReplyWindow _window;
    private long? _clientId;
    private readonly TargetMemory _memory;
    private TargetFormats? _formats;

    private RespTarget(RespConnection connection)
    {
        _connection = connection;
        _window = new ReplyWindow(connection);
        _memory = new TargetMemory(connection.Endpoint);
    }

    public CacheEndpoint Endpoint => _connection.Endpoint;

    /// <summary>Connects to a node. Errors are those of <see cref="RespConnection.ConnectAsync"/>.</summary>
    public static async Task<RespTarget> ConnectAsync(
        CacheAddress address, ICredentials credentials, RespConnectionOptions options, TimeProvider time, CancellationToken cancellationToken) =>
        new(await RespConnection.ConnectAsync(address, credentials, options, time, cancellationToken));

    public async Task<CacheProbe> DescribeAsync(CancellationToken cancellationToken)
    {
        await _window.DrainAsync(cancellationToken);
        return await CacheProber.ProbeAsync(_connection, cancellationToken);
    }

    /// <summary>The cluster that the node belongs to, as it sees it; null without cluster mode.</summary>
    public async Task<ClusterMap?> FindClusterAsync(CancellationToken cancellationToken)
    {
        ServerInfo info = await ReadInfoAsync(cancellationToken);
        return info.Flag("cluster_enabled") && info.Version is { } version
            ? await ClusterQuestions.ReadMapAsync(_connection, info.Engine, version, cancellationToken)
            : null;
    }

    public async Task<long> TimeAsync(CancellationToken cancellationToken)
    {
        RespReply reply = await AskAsync(new RespCommand("TIME"), cancellationToken);
        return ServerClock.TryParse(reply, out DateTimeOffset time)
            ? time.ToUnixTimeMilliseconds()
            : throw _connection.Refusal("TIME", reply);
    }

    public async Task<long> LongestArgumentBytesAsync(CancellationToken cancellationToken)
    {
        RespReply reply = await AskAsync(new RespCommand("CONFIG GET", "proto-max-bulk-len"), cancellationToken);

        // Managed caches forbid CONFIG; they keep the default.
        return reply.TryGetItems(out ReadOnlyMemory<RespReply> pair) && pair.Length == 2 && pair.Span[1].TryGetNumber(out long bytes)
            ? bytes
            : DefaultLongestArgumentBytes;
    }

    public async Task LoadFunctionAsync(ReadOnlyMemory<byte> librarySource, CancellationToken cancellationToken)
    {
        RespReply reply = await AskAsync(new RespCommand("FUNCTION LOAD", "REPLACE", librarySource), cancellationToken);
        if (reply.TryGetError(out RespError error))
        {
            throw error.Code == "ERR"
                ? new TargetRefusedException($"{_connection.Endpoint} does not load a function library of the backup. Its version may lack what the library uses.")
                : _connection.Refusal("FUNCTION LOAD", reply);
        }
    }

    public async Task<IReadOnlyList<ReadOnlyMemory<byte>>> ListFunctionsAsync(CancellationToken cancellationToken)
    {
        RespReply reply = await AskAsync(new RespCommand("FUNCTION LIST", "WITHCODE"), cancellationToken);
        if (reply.TryGetError(out RespError error) && ServerErrors.IsUnknownCommand(error))
        {
            return [];
        }

        if (!reply.TryGetItems(out ReadOnlyMemory<RespReply> libraries))
        {
            throw _connection.Refusal("FUNCTION LIST", reply);
        }

        var sources = new List<ReadOnlyMemory<byte>>(libraries.Length);
        foreach (RespReply library in libraries.Span)
        {
            sources.Add(Code(library));
        }

        return sources;
    }

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await _window.DrainAsync(cancellationToken);
        if (_memory.IsWatching)
        {
            _memory.RequireNoEviction(await ReadInfoAsync(cancellationToken));
        }
    }

    public async ValueTask<TargetFormats> FormatsAsync(CancellationToken cancellationToken)
    {
        if (_formats is not { } formats)
        {
            ServerInfo info = await ReadInfoAsync(cancellationToken);
            formats = new TargetFormats(
                info.Engine,
                info.Version ?? throw new CacheProtocolException($"{_connection.Endpoint} tells no version in INFO: it is no cache of a supported engine."),
                info.HasModules);
            _formats = formats;
        }

        return formats;
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    /// <summary>Looks at the target's memory where it is time for it, before so many bytes are sent. Never within a command.</summary>
    private async ValueTask WatchMemoryAsync(long bytes, long offsetBytes, CancellationToken cancellationToken)
    {
        if (_memory.IsDue(bytes))
        {
            _memory.Look(await ReadInfoAsync(cancellationToken), bytes, offsetBytes);
        }

        _memory.Send(bytes);
    }

    private async ValueTask<ServerInfo> ReadInfoAsync(CancellationToken cancellationToken)
    {
        RespReply reply = await AskAsync(new RespCommand("INFO"), cancellationToken);
        return reply.TryGetText(out string text) ? ServerInfo.Parse(text) : throw _connection.Refusal("INFO", reply);
    }

    /// <summary>One command on its own, after everything before it was answered.</summary>
    private async ValueTask<RespReply> AskAsync(RespCommand command, CancellationToken cancellationToken)
    {
        await _window.DrainAsync(cancellationToken);
        return await _connection.SendAsync(command, cancellationToken);
    }

    /// <summary>The number of this connection, which the server gives to no other.</summary>
    private async ValueTask<long> ClientIdAsync(CancellationToken cancellationToken)
    {
        if (_clientId is not { } id)
        {
            RespReply reply = await AskAsync(new RespCommand("CLIENT ID"), cancellationToken);
            id = reply.TryGetNumber(out long number) ? number : throw _connection.Refusal("CLIENT ID", reply);
            _clientId = id;
        }

        return id;
    }

    private ReadOnlyMemory<byte> Code(in RespReply library)
    {
        if (library.TryGetItems(out ReadOnlyMemory<RespReply> fields))
        {
            for (int i = 0; i + 1 < fields.Length; i += 2)
            {
                if (fields.Span[i].TryGetText(out string name) && name == "library_code" && fields.Span[i + 1].TryGetBytes(out ReadOnlyMemory<byte> code))
                {
                    return code;
                }
            }
        }

        throw _connection.Refusal("FUNCTION LIST", library);
    }

    /// <summary>Writes SELECT where the entry's database is another.</summary>
    private void Select(int database, long offsetBytes)
    {
        if (_connection.WriteSelect(database))
        {
            _window.Add(offsetBytes, 0);
        }
    }

    private static byte[] Digits(long number) => System.Text.Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));
}
