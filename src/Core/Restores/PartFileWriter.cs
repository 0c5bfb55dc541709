using System.Buffers.Binary;
using System.Text;
using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Restores;

/// <summary>
/// Writes entries into an RDB file, their values as they came (server source: rdbSaveRio, rdbSaveKeyValuePair, rdbSaveLen). Memory: one
/// small buffer; values go straight to the output.
/// </summary>
internal sealed class PartFileWriter(RdbVersion version, Stream output) : IRangeConsumer
{
    // An opcode and its longest operand, several times over: what stands before a key.
    private const int HeadBytes = 64;

    private readonly byte[] _head = new byte[HeadBytes];
    private CrcRedis64 _crc;
    private int? _database;

    public long Keys { get; private set; }

    public ValueTask BeginAsync(CancellationToken cancellationToken) =>
        WriteAsync(Encoding.ASCII.GetBytes(version.ToString()), cancellationToken);

    /// <summary>Functions are of no key: a part has none.</summary>
    public ValueTask OnFunctionAsync(ReadOnlyMemory<byte> librarySource, long offsetBytes, CancellationToken cancellationToken) =>
        ValueTask.CompletedTask;

    public async ValueTask OnEntryAsync(RestoreEntry entry, CancellationToken cancellationToken)
    {
        await WriteHeadAsync(entry, cancellationToken);
        await WriteAsync(entry.Value, cancellationToken);
    }

    public ValueTask OnLargeStartAsync(RestoreEntry entryWithoutValue, long valueLengthBytes, CancellationToken cancellationToken) =>
        WriteHeadAsync(entryWithoutValue, cancellationToken);

    public ValueTask OnLargeFragmentAsync(ReadOnlyMemory<byte> fragment, CancellationToken cancellationToken) =>
        WriteAsync(fragment, cancellationToken);

    public ValueTask OnLargeEndAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        _head[0] = (byte)RdbOpcode.End;
        await WriteAsync(_head.AsMemory(0, 1), cancellationToken);
        if (version.HasChecksum)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(_head, _crc.Value);
            await output.WriteAsync(_head.AsMemory(0, sizeof(ulong)), cancellationToken);
        }

        await output.FlushAsync(cancellationToken);
    }

    private async ValueTask WriteHeadAsync(RestoreEntry entry, CancellationToken cancellationToken)
    {
        Keys++;
        int length = 0;
        if (_database != entry.Database)
        {
            _database = entry.Database;
            _head[length++] = (byte)RdbOpcode.SelectDatabase;
            length += WriteLength(_head.AsSpan(length), (ulong)entry.Database);
        }

        if (entry.ExpireAtMilliseconds is { } expiry)
        {
            _head[length++] = (byte)RdbOpcode.ExpireMilliseconds;
            BinaryPrimitives.WriteInt64LittleEndian(_head.AsSpan(length), expiry);
            length += sizeof(long);
        }

        if (entry.IdleSeconds is { } idle)
        {
            _head[length++] = (byte)RdbOpcode.Idle;
            length += WriteLength(_head.AsSpan(length), (ulong)idle);
        }

        if (entry.Frequency is { } frequency)
        {
            _head[length++] = (byte)RdbOpcode.Frequency;
            _head[length++] = frequency;
        }

        _head[length++] = (byte)entry.Type;
        length += WriteLength(_head.AsSpan(length), (ulong)entry.Key.Length);
        await WriteAsync(_head.AsMemory(0, length), cancellationToken);
        await WriteAsync(entry.Key, cancellationToken);
    }

    /// <summary>RDB's length encoding: 6, 14, 32 or 64 bits behind the prefix that tells them apart.</summary>
    private static int WriteLength(Span<byte> into, ulong length)
    {
        switch (length)
        {
            case < 1 << 6:
                into[0] = (byte)length;
                return 1;
            case < 1 << 14:
                BinaryPrimitives.WriteUInt16BigEndian(into, (ushort)(0x4000 | length));
                return sizeof(ushort);
            case <= uint.MaxValue:
                into[0] = 0x80;
                BinaryPrimitives.WriteUInt32BigEndian(into[1..], (uint)length);
                return 1 + sizeof(uint);
            default:
                into[0] = 0x81;
                BinaryPrimitives.WriteUInt64BigEndian(into[1..], length);
                return 1 + sizeof(ulong);
        }
    }

    private async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        _crc.Update(bytes.Span);
        await output.WriteAsync(bytes, cancellationToken);
    }
}
