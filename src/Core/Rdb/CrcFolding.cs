using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CacheBackup.Core.Rdb;

/// <summary>
/// CRC-64 by carry-less multiplication: 128 bytes are kept as eight lanes, and each lane is moved onto the bytes 128 further on by multiplying it
/// with the remainder of the power of x that stands for that distance. What is left at the end, 16 bytes, goes through the tables.
/// </summary>
internal static class CrcFolding
{
    /// <summary>Below this the tables are as fast.</summary>
    public const int MinimumBytes = 256;

    private const int BlockBytes = 128;

    // In reflected order the low half of a lane holds the higher powers: it lies 64 bits further from the end than the high half. Products of
    // reflected halves come out shifted by one, hence one power less.
    private static readonly Vector128<ulong> ByBlock = Constants(BlockBytes * 8);
    private static readonly Vector128<ulong> ByLane = Constants(128);

    public static bool IsSupported => Pclmulqdq.IsSupported;

    public static ulong Compute(ulong crc, ReadOnlySpan<byte> bytes) =>
        Pclmulqdq.V256.IsSupported ? ComputeWide(crc, bytes) : ComputeNarrow(crc, bytes);

    /// <summary>Two lanes in each of four registers. <paramref name="bytes"/> must be at least one block.</summary>
    internal static ulong ComputeWide(ulong crc, ReadOnlySpan<byte> bytes)
    {
        var by = Vector256.Create(ByBlock, ByBlock);
        ref byte start = ref MemoryMarshal.GetReference(bytes);
        var a = Vector256.LoadUnsafe(ref start).AsUInt64() ^ Vector256.CreateScalar(crc);
        var b = Vector256.LoadUnsafe(ref start, 32).AsUInt64();
        var c = Vector256.LoadUnsafe(ref start, 64).AsUInt64();
        var d = Vector256.LoadUnsafe(ref start, 96).AsUInt64();
        int position = BlockBytes;
        for (; position <= bytes.Length - BlockBytes; position += BlockBytes)
        {
            ref byte block = ref Unsafe.Add(ref start, position);
            a = Fold(a, by) ^ Vector256.LoadUnsafe(ref block).AsUInt64();
            b = Fold(b, by) ^ Vector256.LoadUnsafe(ref block, 32).AsUInt64();
            c = Fold(c, by) ^ Vector256.LoadUnsafe(ref block, 64).AsUInt64();
            d = Fold(d, by) ^ Vector256.LoadUnsafe(ref block, 96).AsUInt64();
        }

        var lane = a.GetLower();
        lane = Fold(lane, ByLane) ^ a.GetUpper();
        lane = Fold(lane, ByLane) ^ b.GetLower();
        lane = Fold(lane, ByLane) ^ b.GetUpper();
        lane = Fold(lane, ByLane) ^ c.GetLower();
        lane = Fold(lane, ByLane) ^ c.GetUpper();
        lane = Fold(lane, ByLane) ^ d.GetLower();
        lane = Fold(lane, ByLane) ^ d.GetUpper();
        return Finish(lane, bytes[position..]);
    }

    /// <summary>One lane in each of eight registers. <paramref name="bytes"/> must be at least one block.</summary>
    internal static ulong ComputeNarrow(ulong crc, ReadOnlySpan<byte> bytes)
    {
        var by = ByBlock;
        ref byte start = ref MemoryMarshal.GetReference(bytes);
        var a = Load(ref start, 0) ^ Vector128.CreateScalar(crc);
        var b = Load(ref start, 16);
        var c = Load(ref start, 32);
        var d = Load(ref start, 48);
        var e = Load(ref start, 64);
        var f = Load(ref start, 80);
        var g = Load(ref start, 96);
        var h = Load(ref start, 112);
        int position = BlockBytes;
        for (; position <= bytes.Length - BlockBytes; position += BlockBytes)
        {
            ref byte block = ref Unsafe.Add(ref start, position);
            a = Fold(a, by) ^ Load(ref block, 0);
            b = Fold(b, by) ^ Load(ref block, 16);
            c = Fold(c, by) ^ Load(ref block, 32);
            d = Fold(d, by) ^ Load(ref block, 48);
            e = Fold(e, by) ^ Load(ref block, 64);
            f = Fold(f, by) ^ Load(ref block, 80);
            g = Fold(g, by) ^ Load(ref block, 96);
            h = Fold(h, by) ^ Load(ref block, 112);
        }

        var lane = Fold(a, ByLane) ^ b;
        lane = Fold(lane, ByLane) ^ c;
        lane = Fold(lane, ByLane) ^ d;
        lane = Fold(lane, ByLane) ^ e;
        lane = Fold(lane, ByLane) ^ f;
        lane = Fold(lane, ByLane) ^ g;
        lane = Fold(lane, ByLane) ^ h;
        return Finish(lane, bytes[position..]);
    }

    private static ulong Finish(Vector128<ulong> lane, ReadOnlySpan<byte> rest)
    {
        Span<byte> last = stackalloc byte[16];
        lane.AsByte().CopyTo(last);
        return CrcRedis64.ComputeByTables(CrcRedis64.ComputeByTables(0, last), rest);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Fold(Vector256<ulong> lanes, Vector256<ulong> by) =>
        Pclmulqdq.V256.CarrylessMultiply(lanes, by, 0x00) ^ Pclmulqdq.V256.CarrylessMultiply(lanes, by, 0x11);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Fold(Vector128<ulong> lane, Vector128<ulong> by) =>
        Pclmulqdq.CarrylessMultiply(lane, by, 0x00) ^ Pclmulqdq.CarrylessMultiply(lane, by, 0x11);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Load(ref byte start, nuint offset) => Vector128.LoadUnsafe(ref start, offset).AsUInt64();

    private static Vector128<ulong> Constants(int distanceBits) => Vector128.Create(
        CrcRedis64.PowerOfX((UInt128)(distanceBits + 63)),
        CrcRedis64.PowerOfX((UInt128)(distanceBits - 1)));
}
