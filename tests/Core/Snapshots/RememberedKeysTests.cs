using CacheBackup.Core.Rdb;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Core.Tests.Snapshots;

public sealed class RememberedKeysTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(300_000)]
    public void A_key_is_new_once_and_costs_at_most_its_bill(int expected)
    {
        const int Count = 300_000;
        var hash = new KeyHash();
        var remembered = new RememberedKeys(expected);
        for (int round = 0; round < 2; round++)
        {
            for (int i = 0; i < Count; i++)
            {
                Assert.Equal(round == 0, remembered.TryAdd(hash.Of(0, BitConverter.GetBytes(i))));
            }
        }

        Assert.Equal(Count, remembered.Count);
        Assert.InRange(remembered.AllocatedBytes, 16L * Count, (long)RememberedKeys.BytesPerKey * Count);
    }

    [Fact]
    public void The_same_key_in_another_database_is_another_key()
    {
        var hash = new KeyHash();
        var remembered = new RememberedKeys();
        Assert.True(remembered.TryAdd(hash.Of(0, "key"u8)));
        Assert.True(remembered.TryAdd(hash.Of(1, "key"u8)));
        Assert.False(remembered.TryAdd(hash.Of(0, "key"u8)));
    }

    [Fact]
    public void What_a_slice_added_is_known_to_the_next_and_is_not_of_its_own()
    {
        const int Count = 20_000;
        var hash = new KeyHash();
        var first = new RememberedKeys();
        Add(first, hash, 0, Count);
        for (int i = 0; i < Count; i += 10)
        {
            first.TakeBack(hash.Of(0, BitConverter.GetBytes(i)));
        }

        var second = new RememberedKeys(Count);
        long earlier = Load(first, second);
        Assert.Equal(Count - (Count / 10), earlier);
        Assert.Equal(earlier, second.Count);
        for (int i = 0; i < Count; i++)
        {
            Assert.Equal(i % 10 == 0, second.TryAdd(new KeyHash(hash.Secret).Of(0, BitConverter.GetBytes(i))));
        }

        Add(second, hash, Count, Count + 5_000);
        var third = new RememberedKeys();
        Assert.Equal((Count / 10) + 5_000, Load(second, third));
    }

    private static void Add(RememberedKeys keys, KeyHash hash, int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            Assert.True(keys.TryAdd(hash.Of(0, BitConverter.GetBytes(i))));
        }
    }

    private static long Load(RememberedKeys from, RememberedKeys to)
    {
        long count = 0;
        foreach (ReadOnlyMemory<byte> piece in from.ReadAdded())
        {
            to.AddEarlier(piece.Span);
            count += piece.Length / RememberedKeys.HashBytes;
        }

        return count;
    }

    [Fact]
    public void Zero_is_a_hash_like_any_other()
    {
        var remembered = new RememberedKeys();
        Assert.True(remembered.TryAdd(UInt128.Zero));
        Assert.False(remembered.TryAdd(UInt128.Zero));
        Assert.Equal(1, remembered.Count);
    }
}
