using System.Buffers.Binary;

namespace CacheBackup.Core.Rdb;

/// <summary>The format's lengths and numbers: 6, 14, 32 or 64 bits behind the prefix that tells them apart (server source: rdbSaveLen).</summary>
public static class RdbLength
{
    public const int MaxBytes = 1 + sizeof(ulong);

    /// <summary>Writes the shortest form, as servers do.</summary>
    /// <param name="into">At least <see cref="MaxBytes"/>.</param>
    /// <returns>The number of bytes written.</returns>
    public static int Write(Span<byte> into, ulong number)
    {
        switch (number)
        {
            case < 1 << 6:
                into[0] = (byte)number;
                return 1;
            case < 1 << 14:
                BinaryPrimitives.WriteUInt16BigEndian(into, (ushort)(0x4000 | number));
                return sizeof(ushort);
            case <= uint.MaxValue:
                into[0] = 0x80;
                BinaryPrimitives.WriteUInt32BigEndian(into[1..], (uint)number);
                return 1 + sizeof(uint);
            default:
                into[0] = 0x81;
                BinaryPrimitives.WriteUInt64BigEndian(into[1..], number);
                return MaxBytes;
        }
    }
}
