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
    public void Zero_is_a_hash_like_any_other()
    {
        var remembered = new RememberedKeys();
        Assert.True(remembered.TryAdd(UInt128.Zero));
        Assert.False(remembered.TryAdd(UInt128.Zero));
        Assert.Equal(1, remembered.Count);
    }
}
