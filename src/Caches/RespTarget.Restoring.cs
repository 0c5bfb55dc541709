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
    private bool _isWithinCommand;

    public async ValueTask RestoreAsync(RestoreEntry entry, CancellationToken cancellationToken)
    {
        if (entry.Value.Length > GatheredBytes)
        {
            await BeginLargeAsync(entry, entry.Value.Length, cancellationToken);
            await AppendLargeAsync(entry.Value, cancellationToken);
            await EndLargeAsync(cancellationToken);
            return;
        }

        long bytes = entry.Key.Length + entry.Value.Length;
        if (_memory.IsDue(bytes))
        {
            await WatchMemoryAsync(bytes, entry.OffsetBytes, cancellationToken);
        }
        else
        {
            _memory.Send(bytes);
        }

        Gather(entry);
        await _window.MakeRoomAsync(cancellationToken);
    }

    public async ValueTask BeginLargeAsync(RestoreEntry entryWithoutValue, long valueLengthBytes, CancellationToken cancellationToken)
    {
        await WatchMemoryAsync(valueLengthBytes, entryWithoutValue.OffsetBytes, cancellationToken);
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
        // The server makes room for the whole string with the first command.
        await WatchMemoryAsync(lengthBytes, entryWithoutValue.OffsetBytes, cancellationToken);
        await BeginTemporaryAsync(entryWithoutValue, temporaryKeys, cancellationToken);
        _stringPosition = 0;
        _stringLength = lengthBytes;

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

        await NameTemporaryAsync(mayVanish: false, cancellationToken);
    }

    public async ValueTask<ReadOnlyMemory<byte>> BeginElementsAsync(
        RestoreEntry entryWithoutValue, TemporaryKeys temporaryKeys, CancellationToken cancellationToken)
    {
        await WatchMemoryAsync(0, entryWithoutValue.OffsetBytes, cancellationToken);
        await BeginTemporaryAsync(entryWithoutValue, temporaryKeys, cancellationToken);
        _isWithinCommand = false;
        return _temporaryKey;
    }

    public async ValueTask AppendElementsAsync(CommandPart commands, CancellationToken cancellationToken)
    {
        if (_isWithinCommand)
        {
            _memory.Send(commands.Bytes.Length);
        }
        else
        {
            await WatchMemoryAsync(commands.Bytes.Length, _large.OffsetBytes, cancellationToken);
        }

        await _connection.WriteCommandsAsync(commands.Bytes, commands.Ended, cancellationToken);
        for (int i = 0; i < commands.Ended; i++)
        {
            _window.Add(_large.OffsetBytes, commands.Bytes.Length / commands.Ended);
        }

        _isWithinCommand = commands.IsCut;
        await _window.MakeRoomAsync(cancellationToken);
    }

    public ValueTask EndElementsAsync(bool mayVanish, CancellationToken cancellationToken) => NameTemporaryAsync(mayVanish, cancellationToken);

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

    private async ValueTask BeginTemporaryAsync(RestoreEntry entryWithoutValue, TemporaryKeys temporaryKeys, CancellationToken cancellationToken)
    {
        long attempt = await ClientIdAsync(cancellationToken);
        _temporaryKey = temporaryKeys.Name(entryWithoutValue.Key.Span, attempt, entryWithoutValue.OffsetBytes);
        _large = entryWithoutValue with { Key = entryWithoutValue.Key.ToArray() };
        Select(entryWithoutValue.Database, entryWithoutValue.OffsetBytes);

        // A server that was started again counts its connections anew: what one before had left under this name must not be added to.
        Write(new RespCommand("UNLINK", _temporaryKey));
    }

    /// <summary>In one step: nobody ever sees the key without its expiry, and one that has passed by now removes it.</summary>
    private async ValueTask NameTemporaryAsync(bool mayVanish, CancellationToken cancellationToken)
    {
        if (mayVanish)
        {
            // Its fields may be gone, and the key with them: then there is nothing to name, and nothing else has the name either.
            Write(new RespCommand("UNLINK", _large.Key));
        }

        Write(new RespCommand("MULTI"));
        Write(new RespCommand("RENAME", _temporaryKey, _large.Key));
        if (_large.ExpireAtMilliseconds is { } expiry)
        {
            Write(new RespCommand("PEXPIREAT", _large.Key, expiry));
        }

        _connection.Write(new RespCommand("EXEC"));
        _window.Add(_large.OffsetBytes, CommandBytes, mayVanish);
        await _window.MakeRoomAsync(cancellationToken);
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
