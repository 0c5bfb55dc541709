using CacheBackup.Core.Memcached;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Restores;

namespace CacheBackup.Caches.Memcached;

/// <summary>
/// A Memcached node that is being filled and read back. Items go as quiet meta sets, which the server answers only if it refuses one; every
/// so often a mark (<c>mn</c>) is sent, whose answer says that everything before it was taken. Where an item was refused follows from the
/// two marks around it. Memory: the connection's buffer and two of ours, whatever the items' sizes.
/// </summary>
internal sealed partial class MemcachedTarget : IRestoreTarget
{
    private const int PlainPieceBytes = 128 * 1024;

    /// <summary>What is sent between two marks; at most two are awaited.</summary>
    private const int MarkBytes = 1024 * 1024;

    private const int MostMarks = 2;

    /// <summary>Evictions are asked after no oftener than this: the question costs a round trip.</summary>
    private const long WatchBytes = 64L * 1024 * 1024;

    private readonly MemcachedConnection _connection;
    private readonly MemcachedServer _before;
    private readonly ItemClock _clock;
    private readonly byte[] _send;
    private readonly Queue<long> _marks = new();
    private int _sendBytes;
    private int _unmarkedBytes;
    private long _unwatchedBytes;
    private long _acceptedOffset;
    private long _lastOffset;
    private long _largeLeft;
    private bool _isAlone;

    private MemcachedTarget(MemcachedConnection connection, MemcachedServer before)
    {
        _connection = connection;
        _before = before;
        _send = new byte[connection.IsTls ? MemcachedConnection.TlsPieceBytes : PlainPieceBytes];
        _clock = new ItemClock(before, connection.Time);
    }

    /// <inheritdoc cref="MemcachedConnection.ConnectAsync"/>
    public static async Task<MemcachedTarget> ConnectAsync(
        CacheAddress address, ICredentials credentials, RespConnectionOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        MemcachedConnection connection = await MemcachedConnection.ConnectAsync(address, credentials, options, time, cancellationToken).ConfigureAwait(false);
        try
        {
            return new MemcachedTarget(connection, await MemcachedServer.AskAsync(connection, cancellationToken).ConfigureAwait(false));
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async Task<CacheProbe> DescribeAsync(CancellationToken cancellationToken) => (await AskAsync(cancellationToken).ConfigureAwait(false)).ToProbe();

    public async Task<long> TimeAsync(CancellationToken cancellationToken) =>
        (await AskAsync(cancellationToken).ConfigureAwait(false)).Time.ToUnixTimeMilliseconds();

    public ValueTask<TargetFormats> FormatsAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(new TargetFormats(CacheEngine.Memcached, _before.Version, HasModules: false));

    /// <summary>
    /// No argument is refused here for its length: an item goes in one piece, and the server says what it thinks of its size.
    /// </summary>
    public Task<long> LongestArgumentBytesAsync(CancellationToken cancellationToken) => Task.FromResult(long.MaxValue);

    public async ValueTask RestoreAsync(RestoreEntry entry, CancellationToken cancellationToken)
    {
        await BeginAsync(entry, entry.Value.Length, cancellationToken).ConfigureAwait(false);
        await AppendAsync(entry.Value, cancellationToken).ConfigureAwait(false);
        await EndAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask BeginLargeAsync(RestoreEntry entryWithoutValue, long valueLengthBytes, CancellationToken cancellationToken)
    {
        _largeLeft = valueLengthBytes;
        await BeginAsync(entryWithoutValue, checked((int)valueLengthBytes), cancellationToken).ConfigureAwait(false);
    }

    public ValueTask AppendLargeAsync(ReadOnlyMemory<byte> fragment, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(fragment.Length, _largeLeft);
        _largeLeft -= fragment.Length;
        return AppendAsync(fragment, cancellationToken);
    }

    public ValueTask EndLargeAsync(CancellationToken cancellationToken) => _largeLeft == 0
        ? EndAsync(cancellationToken)
        : throw new InvalidOperationException($"The value still lacks {_largeLeft} bytes.");

    /// <summary>Waits until the server has taken everything, and sees that it evicted nothing for it.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_unmarkedBytes > 0)
        {
            await MarkAsync(cancellationToken).ConfigureAwait(false);
        }

        await SettleAsync(0, cancellationToken).ConfigureAwait(false);
        if (_unwatchedBytes > 0)
        {
            RequireNoEviction(await AskAsync(cancellationToken).ConfigureAwait(false));
            _unwatchedBytes = 0;
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async ValueTask BeginAsync(RestoreEntry entry, int valueBytes, CancellationToken cancellationToken)
    {
        if (!entry.IsItem)
        {
            throw new BackupNotRestorableException($"The entry at byte {entry.OffsetBytes} of the data file is none of Memcached's items.");
        }

        // A piece ends where a command does, or is of one value alone: see TlsPieceBytes.
        int bytes = ItemHead.MaxLineBytes + LineEnd.Length + valueBytes;
        if (bytes > _send.Length - _sendBytes)
        {
            await SendAsync(cancellationToken).ConfigureAwait(false);
        }

        _isAlone = bytes > _send.Length;
        _lastOffset = entry.OffsetBytes;
        Count(WriteHead(entry, valueBytes));
    }

    private int WriteHead(in RestoreEntry entry, int valueBytes)
    {
        Span<byte> name = stackalloc byte[ItemKey.MaxBytes];
        if (!ItemKey.TryName(entry.Key.Span, name, out int length, out bool isEncoded))
        {
            throw new BackupNotRestorableException($"The key of the item at byte {entry.OffsetBytes} of the data file cannot be named in a command.");
        }

        var head = new ItemHead(valueBytes, entry.Flags, (entry.ExpireAtMilliseconds ?? 0) / 1000);
        int bytes = head.Write(name[..length], isEncoded, _send.AsSpan(_sendBytes));
        _sendBytes += bytes;
        return bytes;
    }

    private async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        Count(bytes.Length);
        if (bytes.Length > _send.Length - _sendBytes)
        {
            await SendAsync(cancellationToken).ConfigureAwait(false);
            if (bytes.Length > _send.Length / 2)
            {
                await _connection.SendAsync(bytes, cancellationToken).ConfigureAwait(false);
                return;
            }
        }

        bytes.CopyTo(_send.AsMemory(_sendBytes));
        _sendBytes += bytes.Length;
    }

    private async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        await AppendAsync(LineEnd, cancellationToken).ConfigureAwait(false);
        if (_isAlone)
        {
            await SendAsync(cancellationToken).ConfigureAwait(false);
        }

        if (_unmarkedBytes < MarkBytes)
        {
            return;
        }

        await MarkAsync(cancellationToken).ConfigureAwait(false);
        await SettleAsync(MostMarks, cancellationToken).ConfigureAwait(false);
        if (_unwatchedBytes >= WatchBytes)
        {
            await FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static ReadOnlyMemory<byte> LineEnd { get; } = ItemStreamWriter.ValueEnd.ToArray();

    private static ReadOnlyMemory<byte> Mark { get; } = ItemStreamWriter.Edge.ToArray();

    private void Count(int bytes)
    {
        _unmarkedBytes += bytes;
        _unwatchedBytes += bytes;
    }

    private async ValueTask MarkAsync(CancellationToken cancellationToken)
    {
        await AppendAsync(Mark, cancellationToken).ConfigureAwait(false);
        await SendAsync(cancellationToken).ConfigureAwait(false);
        _marks.Enqueue(_lastOffset);
        _unmarkedBytes = 0;
    }

    private async ValueTask SendAsync(CancellationToken cancellationToken)
    {
        if (_sendBytes > 0)
        {
            await _connection.SendAsync(_send.AsMemory(0, _sendBytes), cancellationToken).ConfigureAwait(false);
            _sendBytes = 0;
        }
    }

    /// <summary>Reads answers until at most so many marks are awaited. Anything but a mark's answer is a refused item.</summary>
    private async ValueTask SettleAsync(int marks, CancellationToken cancellationToken)
    {
        while (_marks.Count > marks)
        {
            ReadOnlyMemory<byte> line = await _connection.ReadLineAsync(cancellationToken).ConfigureAwait(false);
            if (!line.Span.SequenceEqual("MN"u8))
            {
                throw Refusal(System.Text.Encoding.ASCII.GetString(line.Span));
            }

            _acceptedOffset = _marks.Dequeue();
        }
    }

    private Exception Refusal(string answer)
    {
        string where = $"an item at bytes {_acceptedOffset}–{_marks.Peek()} of the data file";
        return answer switch
        {
            _ when answer.Contains("out of memory", StringComparison.Ordinal) => new TargetOutOfMemoryException(
                $"{_connection.Endpoint} has no memory for {where}. Restore into a node with a larger -m."),
            _ when answer.Contains("too large", StringComparison.Ordinal) => new TargetRefusedException(
                $"{_connection.Endpoint} takes items of at most {_before.MaxItemBytes:N0} bytes, which {where} exceeds. Start it with a larger -I."),
            _ => new TargetRefusedException($"{_connection.Endpoint} refused {where}: {(answer.Length > 100 ? answer[..100] : answer)}."),
        };
    }

    /// <summary>Nothing may be awaited at the time.</summary>
    private async Task<MemcachedServer> AskAsync(CancellationToken cancellationToken)
    {
        if (_marks.Count > 0 || _unmarkedBytes > 0)
        {
            if (_unmarkedBytes > 0)
            {
                await MarkAsync(cancellationToken).ConfigureAwait(false);
            }

            await SettleAsync(0, cancellationToken).ConfigureAwait(false);
        }

        MemcachedServer server = await MemcachedServer.AskAsync(_connection, cancellationToken).ConfigureAwait(false);
        return server.RunId == _before.RunId
            ? server
            : throw new Core.Snapshots.CacheUnreachableException($"{_connection.Endpoint} is another process than before: what was restored is gone with the first.");
    }

    private void RequireNoEviction(MemcachedServer server)
    {
        if (server.Evictions > _before.Evictions)
        {
            throw new TargetOutOfMemoryException(
                $"{_connection.Endpoint} evicted {server.Evictions - _before.Evictions:N0} item(s) while it was filled: it uses {server.UsedBytes:N0} bytes "
                + $"of {server.MaxBytes:N0}. Restore into a node with a larger -m.");
        }
    }
}
