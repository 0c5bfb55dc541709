using System.Globalization;
using System.Text;
using CacheBackup.Core.Resp;

namespace CacheBackup.Fixtures.Caches;

/// <summary>A small data set with every type in both its encodings, expiries, three databases and a function library.</summary>
public static class SampleData
{
    /// <summary>Writes it; the same seed makes the same data.</summary>
    /// <param name="client">An authenticated client with all rights.</param>
    /// <param name="bulkBytes">Incompressible bytes to add as strings of 64 KiB, when a transfer must last.</param>
    /// <param name="seed">Of every random choice.</param>
    public static async Task WriteAsync(CacheClient client, long bulkBytes = 0, int seed = 1)
    {
        var random = new Random(seed);
        foreach (int database in (int[])[0, 3, 9])
        {
            await client.RequireAsync("SELECT", database);
            await RunAsync(client, Commands(random));
        }

        await client.RequireAsync("SELECT", 0);
        await client.RequireAsync(
            "FUNCTION", "LOAD", "REPLACE", "#!lua name=sample\nredis.register_function('sample_ping', function(keys, args) return 'pong' end)");
        const int ChunkBytes = 64 * 1024;
        for (long at = 0; at < bulkBytes; at += ChunkBytes)
        {
            byte[] value = new byte[Math.Min(ChunkBytes, bulkBytes - at)];
            random.NextBytes(value);
            await client.RequireAsync("SET", string.Create(CultureInfo.InvariantCulture, $"bulk:{at}"), value);
        }
    }

    /// <summary>The same into a cluster: one database, each key where its slot is, the library on every primary.</summary>
    public static async Task WriteAsync(ClusterProcesses cluster, long bulkBytes = 0, int seed = 1)
    {
        var random = new Random(seed);
        List<RespArgument[]> commands = Commands(random);
        const int ChunkBytes = 16 * 1024;
        for (long at = 0; at < bulkBytes; at += ChunkBytes)
        {
            byte[] value = new byte[Math.Min(ChunkBytes, bulkBytes - at)];
            random.NextBytes(value);
            commands.Add(["SET", string.Create(CultureInfo.InvariantCulture, $"bulk:{at}"), value]);
        }

        foreach (IGrouping<int, RespArgument[]> shard in commands.GroupBy(command => cluster.ShardOf(KeyOf(command))))
        {
            await using CacheClient client = await cluster.Primaries[shard.Key].ConnectAsync();
            await RunAsync(client, [.. shard]);
        }

        foreach (ServerProcess primary in cluster.Primaries)
        {
            await ClusterProcesses.SendAsync(
                primary, "FUNCTION", "LOAD", "REPLACE", "#!lua name=sample\nredis.register_function('sample_ping', function(keys, args) return 'pong' end)");
        }
    }

    private static ReadOnlySpan<byte> KeyOf(RespArgument[] command) => command[0].Bytes switch
    {
        var name when name.SequenceEqual("XGROUP"u8) => command[2].Bytes,
        var name when name.SequenceEqual("XREADGROUP"u8) => command[^2].Bytes,
        _ => command[1].Bytes,
    };

    private static async Task RunAsync(CacheClient client, List<RespArgument[]> commands)
    {
        foreach (RespReply reply in await client.SendManyAsync(commands))
        {
            if (reply.TryGetError(out RespError error))
            {
                throw new InvalidOperationException($"The sample data was refused: {error.Message.Reveal()}");
            }
        }
    }

    private static List<RespArgument[]> Commands(Random random)
    {
        byte[] binary = new byte[5000];
        random.NextBytes(binary);
        List<RespArgument[]> commands =
        [
            ["SET", "string:binary", binary],
            ["SET", "string:empty", string.Empty],
            ["SET", "string:number", -1234567890123],
            ["SET", "string:compressible", new string('x', 20_000)],
            ["SET", Encoding.Latin1.GetBytes("key:\0\r\n\u00ff"), "binary key"],
            ["SET", "string:expiring", "v", "PXAT", 4_102_444_800_123],
            ["SADD", "set:ints", "1", "2", "300000"],
            ["XADD", "stream", "1-1", "field", "value"],
            ["XADD", "stream", "1-2", "field", "value", "other", "thing"],
            ["XGROUP", "CREATE", "stream", "group", "0"],
            ["XREADGROUP", "GROUP", "group", "consumer", "COUNT", "1", "STREAMS", "stream", ">"],
            ["XDEL", "stream", "1-2"],
            ["PFADD", "hyperloglog", "a", "b", "c"],
        ];
        foreach (int size in (int[])[3, 1000])
        {
            for (int i = 0; i < size; i++)
            {
                string element = string.Create(CultureInfo.InvariantCulture, $"element-{i}-{random.Next()}");
                commands.Add(["HSET", $"hash:{size}", element, i]);
                commands.Add(["RPUSH", $"list:{size}", element]);
                commands.Add(["SADD", $"set:{size}", element]);
                commands.Add(["ZADD", $"zset:{size}", i / 3, element]);
            }

            commands.Add(["PEXPIREAT", $"hash:{size}", 4_102_444_800_000]);
        }

        for (int i = 0; i < 500; i++)
        {
            commands.Add(["SET", $"string:{i}", random.Next()]);
        }

        return commands;
    }
}
