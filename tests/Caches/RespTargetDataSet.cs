using System.Globalization;
using CacheBackup.Core.Resp;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.Caches.Tests;

/// <summary>
/// A small data set with every type and encoding that the servers of these tests have, several databases, expiries and a function. The
/// same seed gives the same commands.
/// </summary>
internal static class RespTargetDataSet
{
    /// <summary>Far enough that nothing expires during a test: 2100-01-01.</summary>
    public const long FarExpiry = 4_102_444_800_123;

    public const string Library =
        "#!lua name=counters\nredis.register_function('bump', function(keys, args) return redis.call('INCRBY', keys[1], args[1]) end)\n";

    public static readonly int[] Databases = [0, 3, 9];

    public static async Task FillAsync(ServerProcess server, int seed)
    {
        await using CacheClient client = await server.ConnectAsync();
        var random = new Random(seed);
        foreach (int database in Databases)
        {
            await client.RequireAsync("SELECT", database);
            await SendAsync(client, Strings(random));
            await SendAsync(client, Aggregates(random));
            await SendAsync(client, Streams());
        }

        await client.RequireAsync("FUNCTION", "LOAD", Library);
    }

    public static byte[] Noise(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>Runs commands in batches and requires that none fails.</summary>
    public static async Task SendAsync(CacheClient client, IEnumerable<RespArgument[]> commands)
    {
        foreach (RespArgument[][] batch in commands.Chunk(1_000))
        {
            foreach (RespReply reply in await client.SendManyAsync(batch))
            {
                Assert.False(reply.TryGetError(out RespError error), error.Message?.Reveal());
            }
        }
    }

    private static IEnumerable<RespArgument[]> Strings(Random random)
    {
        for (int i = 0; i < 2_000; i++)
        {
            yield return ["SET", $"text:{i}", $"value {i} " + new string('x', i % 300)];
            yield return ["SET", Noise(random, 1 + (i % 40)), Noise(random, i % 90)];
        }

        foreach (string number in (string[])["0", "-1", "127", "-129", "32767", "70000", "2147483647", "-2147483648", "9223372036854775807", "007"])
        {
            yield return ["SET", $"number:{number}", number];
            yield return ["SET", number, "a key that is a number"];
        }

        for (int i = 0; i < 300; i++)
        {
            yield return ["SET", $"expires:{i}", i];
            yield return ["PEXPIREAT", $"expires:{i}", FarExpiry + i];
        }

        yield return ["SET", "empty", string.Empty];
        yield return ["SET", new string('k', 5_000), "a long key that compresses"];
        yield return ["SET", "compressible", new string('a', 200_000)];
        yield return ["SET", "compressible, large", string.Concat(Enumerable.Repeat("0123456789abcdefghij", 250_000))];
        yield return ["SET", "binary, large", Noise(random, 3_000_000)];
    }

    private static IEnumerable<RespArgument[]> Aggregates(Random random)
    {
        foreach (int count in (int[])[1, 3, 50, 700, 10_000])
        {
            yield return Command(["HSET", $"hash:{count}"], count, i => [$"field {i}", $"value {i * 7}"]);
            yield return Command(["RPUSH", $"list:{count}"], count, i => [$"item {i}"]);
            yield return Command(["SADD", $"set:{count}"], count, i => [$"member {i}"]);
            yield return Command(["SADD", $"integers:{count}"], count, i => [i * 99_991L]);
            yield return Command(["ZADD", $"sorted:{count}"], count, i => [(i * 0.37).ToString("R", CultureInfo.InvariantCulture), $"member {i}"]);
        }

        yield return ["RPUSH", "list:long items", Noise(random, 20_000), Noise(random, 20_000), "small"];
        yield return Command(["RPUSH", "list:large"], 300, _ => [Noise(random, 6_000)]);
        yield return ["HSET", "hash:one long value", "field", Noise(random, 5_000)];
        yield return ["ZADD", "sorted:edges", "-inf", "least", "+inf", "most", "5e-324", "tiny", "-0.0", "zero"];
        yield return ["PEXPIREAT", "hash:700", FarExpiry];
    }

    private static IEnumerable<RespArgument[]> Streams()
    {
        const string Stream = "stream";
        for (int i = 1; i <= 500; i++)
        {
            yield return ["XADD", Stream, $"{1_700_000_000_000 + i}-{i % 3}", "field", $"value {i}", "other", i];
        }

        yield return ["XDEL", Stream, "1700000000010-1", "1700000000500-2"];
        yield return ["XGROUP", "CREATE", Stream, "workers", "0"];
        yield return ["XGROUP", "CREATE", Stream, "idle", "$"];
        yield return ["XGROUP", "CREATECONSUMER", Stream, "workers", "nothing yet"];
        yield return ["XREADGROUP", "GROUP", "workers", "alice", "COUNT", "30", "STREAMS", Stream, ">"];
        yield return ["XREADGROUP", "GROUP", "workers", "bob", "COUNT", "5", "STREAMS", Stream, ">"];
        yield return ["XACK", Stream, "workers", "1700000000003-0"];
        yield return ["XADD", "stream:emptied", "5-5", "a", "b"];
        yield return ["XDEL", "stream:emptied", "5-5"];
    }

    private static RespArgument[] Command(RespArgument[] head, int count, Func<int, RespArgument[]> element) =>
        [.. head, .. Enumerable.Range(0, count).SelectMany(element)];
}
