using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Tests.Rdb;

public sealed class CrcRedis64Tests
{
    private const ulong CheckValue = 0xe9c6d914c4b8d9ca;

    [Fact]
    public void Check_value_is_that_of_the_polynomial()
    {
        Assert.Equal(CheckValue, CrcRedis64.Compute(0, "123456789"u8));
        Assert.Equal(CheckValue, CrcRedis64.ComputeByTables(0, "123456789"u8));
    }

    [Fact]
    public void Every_way_to_compute_agrees_with_bit_by_bit_at_every_length_and_alignment()
    {
        byte[] bytes = RandomBytes(1, 1400);
        for (int offset = 0; offset < 4; offset++)
        {
            for (int length = 0; length <= 1300; length++)
            {
                var part = bytes.AsSpan(offset, length);
                ulong start = (ulong)length * 0x9e3779b97f4a7c15;
                ulong expected = BitByBit(start, part);
                Assert.Equal(expected, CrcRedis64.ComputeByTables(start, part));
                Assert.Equal(expected, CrcRedis64.Compute(start, part));
                if (CrcFolding.IsSupported && length >= CrcFolding.MinimumBytes)
                {
                    Assert.Equal(expected, CrcFolding.ComputeNarrow(start, part));
                }
            }
        }
    }

    [Fact]
    public void Update_in_pieces_equals_one_computation()
    {
        byte[] bytes = RandomBytes(2, 100_000);
        var random = new Random(3);
        var crc = default(CrcRedis64);
        for (int position = 0; position < bytes.Length;)
        {
            int count = Math.Min(random.Next(0, 3000), bytes.Length - position);
            crc.Update(bytes.AsSpan(position, count));
            position += count;
        }

        Assert.Equal(CrcRedis64.ComputeByTables(0, bytes), crc.Value);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    [InlineData(99_999)]
    public void Combine_of_two_parts_is_the_crc_of_the_whole(int lengthB)
    {
        byte[] bytes = RandomBytes(4, 100_000);
        ulong a = CrcRedis64.Compute(0, bytes.AsSpan(0, bytes.Length - lengthB));
        ulong b = CrcRedis64.Compute(0, bytes.AsSpan(bytes.Length - lengthB));

        Assert.Equal(CrcRedis64.Compute(0, bytes), CrcRedis64.Combine(a, b, lengthB));
    }

    [Fact]
    public void Combine_of_many_parts_is_the_crc_of_the_whole_however_it_is_cut_and_in_whatever_order_it_is_joined()
    {
        byte[] bytes = RandomBytes(5, 300_000);
        var random = new Random(6);
        ulong whole = CrcRedis64.Compute(0, bytes);
        for (int run = 0; run < 40; run++)
        {
            List<(ulong Crc, long Length)> parts = [];
            Fragmented.Feed(bytes, Fragmented.AtRandom(bytes.Length, random), part => parts.Add((CrcRedis64.Compute(0, part.Span), part.Length)));
            while (parts.Count > 1)
            {
                // Any two neighbours: as workers on ranges finish in any order.
                int at = random.Next(parts.Count - 1);
                int count = Math.Min(parts.Count - at, parts.Count > 100 ? 64 : 2);
                var joined = parts[at];
                foreach (var (crc, length) in parts.GetRange(at + 1, count - 1))
                {
                    joined = (CrcRedis64.Combine(joined.Crc, crc, length), joined.Length + length);
                }

                parts.RemoveRange(at, count);
                parts.Insert(at, joined);
            }

            Assert.Equal((whole, bytes.Length), parts[0]);
        }
    }

    [Fact]
    public void Combine_reaches_over_lengths_that_no_one_can_compute()
    {
        ulong a = CrcRedis64.Compute(0, "segment"u8);
        long far = 1L << 60;

        Assert.Equal(CrcRedis64.Combine(a, 0, far), CrcRedis64.Combine(CrcRedis64.Combine(a, 0, far / 2), 0, far / 2));
    }

    private static byte[] RandomBytes(int seed, int count)
    {
        byte[] bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static ulong BitByBit(ulong crc, ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x95ac9329ac4bc9b5 : crc >> 1;
            }
        }

        return crc;
    }
}
