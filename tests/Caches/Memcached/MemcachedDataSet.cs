using System.Text;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.Caches.Tests.Memcached;

/// <summary>Items of every kind that Memcached can hold, for tests: the same seed gives the same items.</summary>
internal static class MemcachedDataSet
{
    /// <summary>The largest value that the default limit of 1 MiB takes with a short key.</summary>
    public const int LargestValue = (1024 * 1024) - 200;

    public sealed record Item(byte[] Key, byte[] Value, uint Flags, long Expiry);

    public static IReadOnlyList<Item> Of(int seed, int count = 3_000)
    {
        var random = new Random(seed);
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        List<Item> items = [];
        for (int i = 0; i < count; i++)
        {
            byte[] value = new byte[random.Next(4) switch { 0 => random.Next(20), 1 => random.Next(5_000), _ => random.Next(300) }];
            random.NextBytes(value);
            items.Add(new Item(
                Encoding.ASCII.GetBytes($"key:{i}:{random.Next()}"), value, (uint)random.NextInt64(uint.MaxValue + 1L), i % 3 == 0 ? now + 3_600 + random.Next(1_000_000) : 0));
        }

        byte[] large = new byte[LargestValue];
        random.NextBytes(large);
        items.Add(new Item("empty"u8.ToArray(), [], 0, 0));
        items.Add(new Item("line-ends"u8.ToArray(), "\r\nmn\r\nms x 1\r\n\r\n"u8.ToArray(), 1, 0));
        items.Add(new Item("large"u8.ToArray(), large, 2, 0));
        items.Add(new Item("large-too"u8.ToArray(), large[..600_000], 2, now + 7_200));
        items.Add(new Item(Encoding.ASCII.GetBytes(new string('k', 250)), "longest key"u8.ToArray(), 3, 0));
        items.Add(new Item([.. "binary "u8, 0, 1, 10, 13, 32, 127, 128, 255], "binary key"u8.ToArray(), 4, 0));
        items.Add(new Item([.. Enumerable.Range(0, 186).Select(i => (byte)i)], "longest binary key"u8.ToArray(), 5, 0));
        items.Add(new Item([.. "\u00e4\u00f6\u00fc%41+&=?"u8], "text of other alphabets"u8.ToArray(), uint.MaxValue, 0));
        return items;
    }

    public static async Task FillAsync(MemcachedProcess server, IReadOnlyList<Item> items)
    {
        using MemcachedClient client = await server.ConnectAsync();
        foreach (Item item in items)
        {
            await client.SetAsync(item.Key, item.Value, item.Flags, item.Expiry);
        }
    }

    /// <summary>Fails unless the server holds exactly these items.</summary>
    public static async Task AssertHoldsAsync(MemcachedProcess server, IReadOnlyList<Item> items)
    {
        using MemcachedClient client = await server.ConnectAsync();
        foreach (Item item in items)
        {
            (byte[] Value, uint Flags, long SecondsLeft)? found = await client.GetAsync(item.Key);
            Assert.True(found is not null, $"{Convert.ToHexString(item.Key)} is missing");
            Assert.Equal(item.Flags, found.Value.Flags);
            Assert.Equal(item.Value, found.Value.Value);
            long now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
            Assert.True(
                item.Expiry == 0 ? found.Value.SecondsLeft == -1 : Math.Abs(item.Expiry - now - found.Value.SecondsLeft) <= 2,
                $"expiry {item.Expiry - now}, found {found.Value.SecondsLeft}");
        }

        Assert.Equal(items.Count, int.Parse((await client.StatsAsync())["curr_items"], System.Globalization.CultureInfo.InvariantCulture));
    }
}
