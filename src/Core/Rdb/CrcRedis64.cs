using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CacheBackup.Core.Rdb;

/// <summary>
/// The CRC-64 that Redis and Valkey write at the end of RDB files and DUMP payloads: Jones' polynomial, reflected, starting from zero and
/// without a final inversion. Check value of <c>123456789</c>: e9c6d914c4b8d9ca.
/// </summary>
/// <remarks>
/// Starting from zero means that leading zero bytes do not change the value, so a CRC never stands without the length beside it.
/// It is computed by carry-less multiplication where the processor has it, else by eight tables.
/// </remarks>
public struct CrcRedis64
{
    /// <summary>x⁶⁴ mod P, bit-reflected.</summary>
    internal const ulong Polynomial = 0x95ac9329ac4bc9b5;

    private static readonly ulong[] Tables = MakeTables();

    /// <summary>Goes on from the value of the bytes before.</summary>
    public CrcRedis64(ulong value) => Value = value;

    public ulong Value { get; private set; }

    /// <summary>The CRC of all bytes so far and then <paramref name="bytes"/>.</summary>
    public static ulong Compute(ulong crc, ReadOnlySpan<byte> bytes) =>
        CrcFolding.IsSupported && bytes.Length >= CrcFolding.MinimumBytes
            ? CrcFolding.Compute(crc, bytes)
            : ComputeByTables(crc, bytes);

    /// <summary>The CRC of two byte strings one after the other, from the CRC of each and the length of the second in bytes.</summary>
    public static ulong Combine(ulong crcA, ulong crcB, long lengthB)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(lengthB);
        return Multiply(crcA, PowerOfX((UInt128)lengthB * 8)) ^ crcB;
    }

    public void Update(ReadOnlySpan<byte> bytes) => Value = Compute(Value, bytes);

    /// <summary>Eight bytes at a time through eight tables: the way for processors without carry-less multiplication, and for short inputs.</summary>
    internal static ulong ComputeByTables(ulong crc, ReadOnlySpan<byte> bytes)
    {
        ref ulong tables = ref MemoryMarshal.GetArrayDataReference(Tables);
        while (bytes.Length >= 8)
        {
            crc ^= BitConverter.IsLittleEndian
                ? MemoryMarshal.Read<ulong>(bytes)
                : System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            crc = Unsafe.Add(ref tables, (int)(crc & 255) + (7 * 256))
                ^ Unsafe.Add(ref tables, (int)((crc >> 8) & 255) + (6 * 256))
                ^ Unsafe.Add(ref tables, (int)((crc >> 16) & 255) + (5 * 256))
                ^ Unsafe.Add(ref tables, (int)((crc >> 24) & 255) + (4 * 256))
                ^ Unsafe.Add(ref tables, (int)((crc >> 32) & 255) + (3 * 256))
                ^ Unsafe.Add(ref tables, (int)((crc >> 40) & 255) + (2 * 256))
                ^ Unsafe.Add(ref tables, (int)((crc >> 48) & 255) + 256)
                ^ Unsafe.Add(ref tables, (int)(crc >> 56));
            bytes = bytes[8..];
        }

        foreach (byte b in bytes)
        {
            crc = Unsafe.Add(ref tables, (byte)(crc ^ b)) ^ (crc >> 8);
        }

        return crc;
    }

    /// <summary>xⁿ mod P, bit-reflected: bit 63 stands for x⁰.</summary>
    internal static ulong PowerOfX(UInt128 exponent)
    {
        ulong result = 1UL << 63;
        ulong square = 1UL << 62;
        for (; exponent != 0; exponent >>= 1)
        {
            if ((exponent & 1) != 0)
            {
                result = Multiply(result, square);
            }

            square = Multiply(square, square);
        }

        return result;
    }

    /// <summary>The product of two reflected polynomials mod P.</summary>
    private static ulong Multiply(ulong a, ulong b)
    {
        ulong product = 0;
        for (; a != 0; a <<= 1)
        {
            // The highest bit of a is its term of lowest degree; b is multiplied by x once per step.
            product ^= (ulong)((long)a >> 63) & b;
            b = (b >> 1) ^ (Polynomial & (0 - (b & 1)));
        }

        return product;
    }

    private static ulong[] MakeTables()
    {
        var tables = new ulong[8 * 256];
        for (int i = 0; i < 256; i++)
        {
            ulong crc = (ulong)i;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ (Polynomial & (0 - (crc & 1)));
            }

            tables[i] = crc;
        }

        for (int i = 256; i < tables.Length; i++)
        {
            tables[i] = tables[(byte)tables[i - 256]] ^ (tables[i - 256] >> 8);
        }

        return tables;
    }
}
