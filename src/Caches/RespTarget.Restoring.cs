using System.Buffers;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Resp;
using CacheBackup.Core.Restores;

namespace CacheBackup.Caches;

/// <content>Values on their way into the target.</content>
public sealed partial class RespTarget
{
    /// <summary>Above this a value goes from the caller's memory to the socket; below, it is gathered with its neighbours.</summary>
    private const int GatheredBytes = 256 * 1024;

    /// <summary>What one command costs besides its key and value: words, lengths, numbers.</summary>
    private const int CommandBytes = 128;

    private RestoreEntry _large;
    private IBufferWriter<byte>? _largeArguments;
    private RdbFooter _largeFooter;
    private long _largeRemaining;
    private byte[] _temporaryKey = [];
    private long _stringPosition;
    private long _stringLength;

    public async ValueTask RestoreAsync(RestoreEntry entry, CancellationToken cancellationToken)
    {
        if (entry.Value.Length > GatheredBytes)
        {
            await BeginLargeAsync(entry, entry.Value.Length, cancellationToken);
            await AppendLargeAsync(entry.Value, cancellationToken);
            await EndLargeAsync(cancellationToken);
            return;
        }

        if (_evictedBefore is null)
        {
            await WatchEvictionsAsync(cancellationToken);
        }

        Gather(entry);
        await _window.MakeRoomAsync(cancellationToken);
    }

    public async ValueTask BeginLargeAsync(RestoreEntry entryWithoutValue, long valueLengthBytes, CancellationToken cancellationToken)
    {
        await WatchEvictionsAsync(cancellationToken);
        Select(entryWithoutValue.Database, entryWithoutValue.OffsetBytes);
        _largeArguments = BeginRestore(entryWithoutValue);
        _connection.BeginBulk(RdbFooter.OverheadBytes + valueLengthBytes);
        _large = entryWithoutValue with { Value = default };
        _largeRemaining = valueLengthBytes;
        _largeFooter = new RdbFooter(entryWithoutValue.Type);
        await _connection.WriteFragmentAsync(new byte[] { (byte)entryWithoutValue.Type }, cancellationToken);
    }

    public ValueTask AppendLargeAsync(ReadOnlyMemory<byte> fragment, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(fragment.Length, _largeRemaining);
        _largeRemaining -= fragment.Length;
        _largeFooter.Update(fragment.Span);
        return _connection.WriteFragmentAsync(fragment, cancellationToken);
    }

    public async ValueTask EndLargeAsync(CancellationToken cancellationToken)
    {
        if (_largeRemaining > 0)
        {
            throw new InvalidOperationException($"The value at byte {_large.OffsetBytes} still lacks {_largeRemaining} bytes.");
        }

        byte[] footer = new byte[RdbFooter.SizeBytes];
        _largeFooter.Write(RdbRestoreVersion.LowestFor(_large.Type, _large.Version.Magic), footer);
        await _connection.WriteFragmentAsync(footer, cancellationToken);
        _connection.EndBulk();
        EndRestore(_largeArguments!, _large);
        _window.Add(_large.OffsetBytes, CommandBytes + _large.Key.Length);
        await _window.MakeRoomAsync(cancellationToken);
    }

    public async ValueTask BeginStringAsync(
        RestoreEntry entryWithoutValue, long lengthBytes, TemporaryKeys temporaryKeys, CancellationToken cancellationToken)
    {
        await WatchEvictionsAsync(cancellationToken);
        long attempt = await ClientIdAsync(cancellationToken);
        _temporaryKey = temporaryKeys.Name(entryWithoutValue.Key.Span, attempt, entryWithoutValue.OffsetBytes);
        _large = entryWithoutValue with { Key = entryWithoutValue.Key.ToArray() };
        _stringPosition = 0;
        _stringLength = lengthBytes;
        Select(entryWithoutValue.Database, entryWithoutValue.OffsetBytes);

        // Its last byte first: the server makes room once, instead of moving a growing string again and again.
        SetRange(lengthBytes - 1, new byte[1]);
        await _window.MakeRoomAsync(cancellationToken);
    }

    public async ValueTask AppendStringAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(piece.Length, _stringLength - _stringPosition);
        SetRange(_stringPosition, piece);
        _stringPosition += piece.Length;
        await _window.MakeRoomAsync(cancellationToken);
    }

    public async ValueTask EndStringAsync(CancellationToken cancellationToken)
    {
        if (_stringPosition != _stringLength)
        {
            throw new InvalidOperationException($"The string at byte {_large.OffsetBytes} still lacks {_stringLength - _stringPosition} bytes.");
        }

        // In one step: nobody ever sees the key without its expiry, and one that has passed by now removes it.
        Write(new RespCommand("MULTI"));
        Write(new RespCommand("RENAME", _temporaryKey, _large.Key));
        if (_large.ExpireAtMilliseconds is { } expiry)
        {
            Write(new RespCommand("PEXPIREAT", _large.Key, expiry));
        }

        Write(new RespCommand("EXEC"));
        await _window.MakeRoomAsync(cancellationToken);
    }

    public async Task<long> RemoveTemporaryAsync(int database, TemporaryKeys temporaryKeys, CancellationToken cancellationToken)
    {
        Select(database, 0);
        ReadOnlyMemory<byte> cursor = Digits(0);
        long removed = 0;
        do
        {
            RespReply page = await AskAsync(
                new RespCommand("SCAN", cursor, "MATCH", temporaryKeys.Prefix + "*", "COUNT", 10_000), cancellationToken);
            if (!page.TryGetItems(out ReadOnlyMemory<RespReply> parts) || parts.Length != 2
                || !parts.Span[0].TryGetBytes(out cursor) || !parts.Span[1].TryGetItems(out ReadOnlyMemory<RespReply> keys))
            {
                throw _connection.Refusal("SCAN", page);
            }

            foreach (RespReply name in keys.ToArray())
            {
                RespReply reply = name.TryGetBytes(out ReadOnlyMemory<byte> key)
                    ? await AskAsync(new RespCommand("UNLINK", key), cancellationToken)
                    : throw _connection.Refusal("SCAN", name);
                removed += reply.TryGetNumber(out long count) ? count : throw _connection.Refusal("UNLINK", reply);
            }
        }
        while (!cursor.Span.SequenceEqual("0"u8));
        return removed;
    }

    private void Gather(in RestoreEntry entry)
    {
        Select(entry.Database, entry.OffsetBytes);
        IBufferWriter<byte> output = BeginRestore(entry);
        int length = entry.Value.Length + RdbFooter.OverheadBytes;
        output.WriteBulkHeader(length);
        RdbPayload.Write(entry.Type, entry.Value.Span, RdbRestoreVersion.LowestFor(entry.Type, entry.Version.Magic), output);
        output.WriteBulkEnd();
        EndRestore(output, entry);
        _window.Add(entry.OffsetBytes, CommandBytes + entry.Key.Length + length);
    }

    private IBufferWriter<byte> BeginRestore(in RestoreEntry entry)
    {
        bool hasAccess = entry.IdleSeconds is not null || entry.Frequency is not null;
        IBufferWriter<byte> output = _connection.BeginCommand(hasAccess ? 8 : 6);
        output.WriteBulk("RESTORE"u8);
        output.WriteBulk(entry.Key.Span);
        output.WriteBulk(entry.ExpireAtMilliseconds ?? 0);
        return output;
    }

    private static void EndRestore(IBufferWriter<byte> output, in RestoreEntry entry)
    {
        output.WriteBulk("REPLACE"u8);
        output.WriteBulk("ABSTTL"u8);
        if (entry.IdleSeconds is { } idle)
        {
            output.WriteBulk("IDLETIME"u8);
            output.WriteBulk(idle);
        }
        else if (entry.Frequency is { } frequency)
        {
            output.WriteBulk("FREQ"u8);
            output.WriteBulk(frequency);
        }
    }

    private void SetRange(long position, ReadOnlyMemory<byte> bytes)
    {
        IBufferWriter<byte> output = _connection.BeginCommand(4);
        output.WriteBulk("SETRANGE"u8);
        output.WriteBulk(_temporaryKey);
        output.WriteBulk(position);
        output.WriteBulk(bytes.Span);
        _window.Add(_large.OffsetBytes, CommandBytes + bytes.Length);
    }

    private void Write(RespCommand command)
    {
        _connection.Write(command);
        _window.Add(_large.OffsetBytes, CommandBytes);
    }
}
