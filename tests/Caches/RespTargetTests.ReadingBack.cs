using System.Text;
using CacheBackup.Core.Model;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Restores;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.Caches.Tests;

/// <content>What is read back.</content>
public sealed partial class RespTargetTests
{
    [Fact]
    public async Task Idle_times_come_back_and_reading_back_leaves_them_alone()
    {
        var options = new ServerOptions { Engine = CacheEngine.Valkey, Configuration = ["maxmemory-policy allkeys-lru"] };
        await using RestoredCache cache = await RestoredCache.CreateAsync(
            CacheEngine.Valkey,
            async server =>
            {
                await using CacheClient client = await server.ConnectAsync();
                await client.RequireAsync("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
                await client.RequireAsync("SET", "key", "value");
                await client.RequireAsync("RESTORE", "cold", 0, await DumpAsync(client, "key"), "IDLETIME", 5_000);
            },
            options);
        await cache.RestoreAsync();
        (await cache.CompareAsync()).ThrowIfDifferent();
        await using CacheClient target = await cache.Target.ConnectAsync();
        Assert.True((await target.RequireAsync("OBJECT", "IDLETIME", "cold")).TryGetNumber(out long idle));
        Assert.InRange(idle, 5_000, 5_100);
    }

    [Fact]
    public async Task Access_frequencies_come_back()
    {
        var options = new ServerOptions { Configuration = ["maxmemory-policy allkeys-lfu"] };
        await using RestoredCache cache = await RestoredCache.CreateAsync(
            CacheEngine.Redis,
            async server =>
            {
                await using CacheClient client = await server.ConnectAsync();
                await client.RequireAsync("CONFIG", "SET", "maxmemory-policy", "allkeys-lfu");
                await client.RequireAsync("SET", "key", "value");
                await client.RequireAsync("RESTORE", "hot", 0, await DumpAsync(client, "key"), "FREQ", 200);
            },
            options);
        await cache.RestoreAsync();
        await using CacheClient target = await cache.Target.ConnectAsync();
        Assert.True((await target.RequireAsync("OBJECT", "FREQ", "hot")).TryGetNumber(out long frequency));
        Assert.InRange(frequency, 199, 200);
    }

    [Fact]
    public async Task A_server_without_PEXPIRETIME_tells_exact_expiries_when_its_clock_stands_still()
    {
        // The clock goes on between the first two pairs, and between the third it does not.
        int asked = 0;
        await using FakeCacheServer server = FakeCacheServer.Start(async connection =>
        {
            while (await connection.ReadCommandAsync() is { } words)
            {
                string info = "redis_version:6.2.16\r\nevicted_keys:0\r\n";
                await connection.SendAsync(words[0] switch
                {
                    "INFO" => $"${info.Length}\r\n{info}\r\n",
                    "GET" => "$-1\r\n",
                    "EXEC" => $"*3\r\n*2\r\n:1700000000\r\n:123999\r\n:5000\r\n*2\r\n:1700000000\r\n:{(++asked < 3 ? 124_000 : 123_999)}\r\n",
                    _ => "+QUEUED\r\n",
                });
            }
        });
        await using RespTarget target = await RespTarget.ConnectAsync(
            server.Address, KnownPassword.Instance, RespConnectionOptions.Default, TimeProvider.System, default);
        IReadOnlyList<ReadBack> answer = await target.ReadBackAsync(0, [new ReadBackRequest("key"u8.ToArray(), RdbType.String, default)], default);
        Assert.Equal((3, 1_700_000_005_123L), (asked, answer[0].ExpireAtMilliseconds));
    }

    [Fact]
    public async Task A_string_is_read_back_as_it_is_and_another_type_under_its_key_is_another_value()
    {
        await using FakeCacheServer server = FakeCacheServer.Start(async connection =>
        {
            while (await connection.ReadCommandAsync() is { } words)
            {
                const string Info = "redis_version:7.0.15\r\nevicted_keys:0\r\n";
                await connection.SendAsync(words switch
                {
                    ["INFO", ..] => $"${Info.Length}\r\n{Info}\r\n",
                    ["GET", "text"] => "$5\r\nvalue\r\n",
                    ["GET", "list"] => "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n",
                    ["PEXPIRETIME", ..] => ":-1\r\n",
                    _ => "+OK\r\n",
                });
            }
        });
        await using RespTarget target = await RespTarget.ConnectAsync(
            server.Address, KnownPassword.Instance, RespConnectionOptions.Default, TimeProvider.System, default);

        IReadOnlyList<ReadBack> answers = await target.ReadBackAsync(
            0, [Expected("text"), Expected("list")], TestContext.Current.CancellationToken);

        ValueDigest digest = ValueDigester.Compute(RdbMagic.Redis, RdbType.String, "\u0005value"u8);
        Assert.Equal((true, digest), (answers[0].Exists, answers[0].Digest));
        Assert.True(answers[1].Exists);
        Assert.False(answers[1].SamePayload);
        Assert.NotEqual(digest, answers[1].Digest);

        static ReadBackRequest Expected(string key) => new(Encoding.ASCII.GetBytes(key), RdbType.String, "\u0005value"u8.ToArray());
    }
}
