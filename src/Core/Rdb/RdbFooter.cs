using System.Buffers.Binary;

namespace CacheBackup.Core.Rdb;

/// <summary>
/// The ten bytes that end a DUMP payload: the RDB version (two bytes, lowest first) and the CRC-64 of everything before it, the version included.
/// Made while the payload streams: the type, the value's fragments, then <see cref="Write"/>.
/// </summary>
public struct RdbFooter
{
    public const int SizeBytes = 10;

    /// <summary>What a payload is longer than the stored value: its type byte and the footer.</summary>
    public const int OverheadBytes = 1 + SizeBytes;

    private CrcRedis64 _crc;

    /// <summary>Begins a payload with its type byte.</summary>
    public RdbFooter(RdbType type) => _crc.Update([(byte)type]);

    /// <summary>The next bytes of the value, as stored.</summary>
    public void Update(ReadOnlySpan<byte> fragment) => _crc.Update(fragment);

    /// <summary>Writes the footer for what has come so far.</summary>
    /// <param name="version">What it states: see <see cref="RdbRestoreVersion.LowestFor"/>.</param>
    /// <param name="destination">At least <see cref="SizeBytes"/>.</param>
    public readonly void Write(int version, Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(destination, checked((ushort)version));
        BinaryPrimitives.WriteUInt64LittleEndian(destination[2..], CrcRedis64.Compute(_crc.Value, destination[..2]));
    }

    /// <summary>The version that a footer states, if its checksum is that of what has come so far.</summary>
    /// <param name="footer">Exactly <see cref="SizeBytes"/>.</param>
    /// <param name="version">The version stated, right or wrong.</param>
    public readonly bool TryCheck(ReadOnlySpan<byte> footer, out int version)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(footer.Length, SizeBytes);
        version = BinaryPrimitives.ReadUInt16LittleEndian(footer);
        return BinaryPrimitives.ReadUInt64LittleEndian(footer[2..]) == CrcRedis64.Compute(_crc.Value, footer[..2]);
    }
}
