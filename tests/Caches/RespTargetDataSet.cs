using System.Text;
using StackExchange.Redis;

namespace CacheBackup.Caches.Tests;

/// <summary>
/// A small data set with every type and encoding that the servers of these tests have, several databases, expiries and functions. The
/// same seed gives the same commands.
/// </summary>
internal static class RespTargetDataSet
{
    /// <summary>Far enough that nothing expires during a test: 2100-01-01.</summary>
    public const long FarExpiry = 4_102_444_800_123;

    public const string Library =
        "#!lua name=counters\nredis.register_function('bump', function(keys, args) return redis.call('INCRBY', keys[1], args[1]) end)\n";

    public static readonly int[] Databases = [0, 3, 9];

    public static async Task FillAsync(IConnectionMultiplexer server, int seed)
    {
        var random = new Random(seed);
        foreach (int number in Databases)
        {
            IDatabase database = server.GetDatabase(number);
            await FillStringsAsync(database, random);
            await FillAggregatesAsync(database, random);
            await FillStreamsAsync(database);
        }

        await server.GetDatabase().ExecuteAsync("FUNCTION", "LOAD", Library);
    }

    public static byte[] Noise(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private static async Task FillStringsAsync(IDatabase database, Random random)
    {
        var pending = new List<Task>();
        for (int i = 0; i < 2_000; i++)
        {
            pending.Add(database.StringSetAsync($"text:{i}", $"value {i} " + new string('x', i % 300)));
            pending.Add(database.StringSetAsync(Noise(random, 1 + (i % 40)), Noise(random, i % 90)));
        }

        foreach (string number in (string[])["0", "-1", "127", "-129", "32767", "70000", "2147483647", "-2147483648", "9223372036854775807", "007"])
        {
            pending.Add(database.StringSetAsync($"number:{number}", number));
            pending.Add(database.StringSetAsync(number, "a key that is a number"));
        }

        for (int i = 0; i < 300; i++)
        {
            string key = $"expires:{i}";
            pending.Add(database.StringSetAsync(key, i));
            pending.Add(database.ExecuteAsync("PEXPIREAT", key, FarExpiry + i));
        }

        pending.Add(database.StringSetAsync("empty", string.Empty));
        pending.Add(database.StringSetAsync(new string('k', 5_000), "a long key that compresses"));
        pending.Add(database.StringSetAsync("compressible", new string('a', 200_000)));
        pending.Add(database.StringSetAsync("compressible, large", string.Concat(Enumerable.Repeat("0123456789abcdefghij", 250_000))));
        pending.Add(database.StringSetAsync("binary, large", Noise(random, 3_000_000)));
        await Task.WhenAll(pending);
    }

    private static async Task FillAggregatesAsync(IDatabase database, Random random)
    {
        var pending = new List<Task>();
        foreach (int count in (int[])[1, 3, 50, 700, 10_000])
        {
            pending.Add(database.HashSetAsync($"hash:{count}", [.. Enumerable.Range(0, count).Select(i => new HashEntry($"field {i}", $"value {i * 7}"))]));
            pending.Add(database.ListRightPushAsync($"list:{count}", [.. Enumerable.Range(0, count).Select(i => (RedisValue)$"item {i}")]));
            pending.Add(database.SetAddAsync($"set:{count}", [.. Enumerable.Range(0, count).Select(i => (RedisValue)$"member {i}")]));
            pending.Add(database.SetAddAsync($"integers:{count}", [.. Enumerable.Range(0, count).Select(i => (RedisValue)(i * 99_991L))]));
            pending.Add(database.SortedSetAddAsync(
                $"sorted:{count}", [.. Enumerable.Range(0, count).Select(i => new SortedSetEntry($"member {i}", i * 0.37))]));
        }

        pending.Add(database.ListRightPushAsync("list:huge items", [Noise(random, 20_000), Noise(random, 20_000), "small"]));
        pending.Add(database.HashSetAsync("hash:one long value", [new HashEntry("field", Noise(random, 5_000))]));
        pending.Add(database.SortedSetAddAsync(
            "sorted:edges", [new("-inf", double.NegativeInfinity), new("+inf", double.PositiveInfinity), new("tiny", double.Epsilon), new("zero", -0.0)]));
        pending.Add(database.ExecuteAsync("PEXPIREAT", "hash:700", FarExpiry));
        pending.Add(database.ListRightPushAsync(
            "list:large", [.. Enumerable.Range(0, 300).Select(i => (RedisValue)Noise(random, 6_000))]));
        await Task.WhenAll(pending);
    }

    private static async Task FillStreamsAsync(IDatabase database)
    {
        const string Stream = "stream";
        for (int i = 1; i <= 500; i++)
        {
            await database.ExecuteAsync("XADD", Stream, $"{1_700_000_000_000 + i}-{i % 3}", "field", $"value {i}", "other", Encoding.ASCII.GetBytes($"{i}"));
        }

        await database.ExecuteAsync("XDEL", Stream, "1700000000010-1", "1700000000500-2");
        await database.ExecuteAsync("XGROUP", "CREATE", Stream, "workers", "0");
        await database.ExecuteAsync("XGROUP", "CREATE", Stream, "idle", "$");
        await database.ExecuteAsync("XGROUP", "CREATECONSUMER", Stream, "workers", "nothing yet");
        await database.ExecuteAsync("XREADGROUP", "GROUP", "workers", "alice", "COUNT", "30", "STREAMS", Stream, ">");
        await database.ExecuteAsync("XREADGROUP", "GROUP", "workers", "bob", "COUNT", "5", "STREAMS", Stream, ">");
        await database.ExecuteAsync("XACK", Stream, "workers", "1700000000003-0");
        await database.ExecuteAsync("XADD", "stream:emptied", "5-5", "a", "b");
        await database.ExecuteAsync("XDEL", "stream:emptied", "5-5");
    }
}
