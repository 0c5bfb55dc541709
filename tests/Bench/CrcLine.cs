using System.Numerics;
using System.Runtime.InteropServices;
using CacheBackup.Core.Rdb;

namespace CacheBackup.Bench;

/// <summary>CRC-64 over more bytes than any cache holds, against reading the same bytes and doing nothing with them.</summary>
internal static class CrcLine
{
    private const int Bytes = 1 << 28;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    public static IReadOnlyList<Contender> Contenders()
    {
        byte[] data = new byte[Bytes];
        new Random(1).NextBytes(data);
        return
        [
            new("crc", "CRC-64, as the tool computes it", _ => Task.FromResult(Measure(data, bytes => CrcRedis64.Compute(0, bytes)))),
            new("memory", "reading memory, a sum of words", _ => Task.FromResult(Measure(data, Sum))),
        ];
    }

    public static double GigabytesPerSecond(Result result) => Bytes / result.Seconds / 1e9;

    private static Sample Measure(byte[] data, Func<ReadOnlySpan<byte>, ulong> read)
    {
        // Compiled for good before it counts, which happens beside and after a while.
        long warming = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(warming) < WarmUp)
        {
            read(data.AsSpan(0, 1 << 16));
        }

        long began = TimeProvider.System.GetTimestamp();
        ulong value = read(data);
        double seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        GC.KeepAlive(value);
        return new Sample(seconds, null, null);
    }

    private static ulong Sum(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<Vector<ulong>> words = MemoryMarshal.Cast<byte, Vector<ulong>>(bytes);
        Vector<ulong> one = default;
        Vector<ulong> other = default;
        for (int i = 0; i + 1 < words.Length; i += 2)
        {
            one += words[i];
            other += words[i + 1];
        }

        return Vector.Sum(one + other);
    }
}
