using System.Globalization;
using CacheBackup.Core.Model;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Resp;
using CacheBackup.Core.Restores;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.Caches.Tests;

/// <summary>Collections that are put together by commands, because they are larger than the target takes at once.</summary>
[Trait("Category", "Server")]
public sealed class RestoreInPiecesTests
{
    private static readonly ServerOptions SmallArguments = new() { Configuration = ["proto-max-bulk-len 1mb"] };

    public static TheoryData<CacheEngine> Engines => [CacheEngine.Redis, CacheEngine.Valkey];

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Every_type_larger_than_one_command_comes_back_with_its_expiry_and_leaves_no_temporary_key(CacheEngine engine)
    {
        await using RestoredCache cache = await RestoredCache.CreateAsync(engine, FillAsync, SmallArguments with { Engine = engine });
        Assert.Equal(
            new HashSet<ValueFamily> { ValueFamily.List, ValueFamily.Set, ValueFamily.SortedSet, ValueFamily.Hash, ValueFamily.Stream },
            [.. cache.Range.Index.LargeEntries.Select(entry => entry.Type.Family())]);
        Assert.All(cache.Range.Index.LargeEntries, entry => Assert.True(entry.ValueLengthBytes > 1024 * 1024));

        // The limit of this server is its own: it has to be asked for it.
        await cache.UseRightsAsync(CacheAccess.Restore, "+config|get");
        RestoreReport restored = await cache.RestoreAsync();
        await cache.UseRightsAsync(CacheAccess.Compare);
        CompareReport compared = await cache.CompareAsync();

        compared.ThrowIfDifferent();
        Assert.Equal(cache.Snapshot.Content.Summary.Keys, restored.Restored);
        Assert.Equal(restored.Restored, compared.Equal);
        await using CacheClient target = await cache.Target.ConnectAsync();
        Assert.True((await target.RequireAsync("DBSIZE")).TryGetNumber(out long keys));
        Assert.Equal(restored.Restored, keys);
        Assert.True((await target.RequireAsync("PEXPIRETIME", "hash")).TryGetNumber(out long expiry));
        Assert.Equal(RespTargetDataSet.FarExpiry, expiry);
        string stats = await target.TextAsync("INFO", "commandstats");
        Assert.DoesNotContain("cmdstat_restore", stats, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_collection_takes_the_place_of_what_was_there_on_a_cluster_node()
    {
        ServerOptions options = new() { Configuration = ["cluster-enabled yes", "proto-max-bulk-len 1mb"] };
        await using RestoredCache cache = await RestoredCache.CreateAsync(
            CacheEngine.Redis,
            async server =>
            {
                await using CacheClient client = await server.ConnectAsync();
                await RespTargetDataSet.SendAsync(client, Noise(300).Select((item, i) => (RespArgument[])["HSET", "plain }{ key", $"field {i}", item]));
            },
            options);
        await cache.MeddleAsync(["CLUSTER", "ADDSLOTSRANGE", 0, 16_383]);
        await cache.WaitForClusterAsync();
        await cache.MeddleAsync(["SET", "plain }{ key", "in the way", "EX", 1_000]);

        await cache.RestoreAsync();

        (await cache.CompareAsync()).ThrowIfDifferent();
    }

    [Fact]
    public async Task What_a_cut_off_attempt_left_of_a_collection_is_removed()
    {
        await using RestoredCache cache = await RestoredCache.CreateAsync(CacheEngine.Redis, FillAsync, SmallArguments);
        await cache.RestoreAsync();
        string prefix = TemporaryKeys.Of(cache.Range.DataKey).Prefix;
        await cache.MeddleAsync(["RPUSH", $"{prefix}7:99:{{3}}", "half"]);

        await using (RespTarget target = await cache.ConnectAsync())
        {
            Assert.Equal(1, await RestoreLeftovers.RemoveAsync(target, cache.Range.DataKey, cache.Range.Index, [RdbType.ListQuicklist2], default));
        }

        (await cache.CompareAsync()).ThrowIfDifferent();
    }

    [Fact]
    public async Task A_collection_above_64_MiB_is_put_together_though_the_target_would_take_it()
    {
        await using RestoredCache cache = await RestoredCache.CreateAsync(CacheEngine.Redis, async server =>
        {
            await using CacheClient client = await server.ConnectAsync();
            for (int i = 0; i < 100; i++)
            {
                await client.RequireAsync("RPUSH", "list", RespTargetDataSet.Noise(new Random(i), 1_000_000));
            }
        });

        await cache.RestoreAsync();

        (await cache.CompareAsync()).ThrowIfDifferent();
        await using CacheClient target = await cache.Target.ConnectAsync();
        Assert.DoesNotContain("cmdstat_restore", await target.TextAsync("INFO", "commandstats"), StringComparison.Ordinal);
    }

    private static async Task FillAsync(ServerProcess server)
    {
        await using CacheClient client = await server.ConnectAsync();
        byte[][] noise = [.. Noise(600)];
        await RespTargetDataSet.SendAsync(client, noise.Select(item => (RespArgument[])["RPUSH", "list", item]));
        await RespTargetDataSet.SendAsync(client, noise.Select(item => (RespArgument[])["SADD", "set", item]));
        await RespTargetDataSet.SendAsync(client, noise.Select((item, i) => (RespArgument[])["HSET", "hash", $"field {i}", item]));
        await RespTargetDataSet.SendAsync(
            client, noise.Select((item, i) => (RespArgument[])["ZADD", "sorted", (i * 0.37).ToString("R", CultureInfo.InvariantCulture), item]));

        // Texts of their own commands, which come in parts: in a list, a set, a hash both as field and as value, a sorted set.
        byte[] text = RespTargetDataSet.Noise(new Random(3), 300_000);
        await client.RequireAsync("RPUSH", "list", text, string.Concat(Enumerable.Repeat("compressible ", 20_000)), "last");
        await client.RequireAsync("SADD", "set", text, "small");
        await client.RequireAsync("HSET", "hash", text, "value of a long field", "field of a long value", text, "f", "v");
        await client.RequireAsync("HSET", "hash", (byte[])[.. text, 1], (byte[])[.. text, 2], string.Empty, string.Empty);
        await client.RequireAsync("ZADD", "sorted", "-inf", text, "+inf", "most", "5e-324", "tiny", "1.7976931348623157e308", "large", "-0.0", "zero");
        await client.RequireAsync("PEXPIREAT", "hash", RespTargetDataSet.FarExpiry);
        await FillStreamAsync(client, noise);
    }

    private static async Task FillStreamAsync(CacheClient client, byte[][] noise)
    {
        await RespTargetDataSet.SendAsync(
            client, noise.Select((item, i) => (RespArgument[])["XADD", "stream", $"{1_700_000_000_000 + i}-{i % 3}", "field", item, "other", i]));
        await client.RequireAsync("XDEL", "stream", "1700000000010-1", "1700000000599-2");
        await client.RequireAsync("XGROUP", "CREATE", "stream", "workers", "0");
        await client.RequireAsync("XGROUP", "CREATE", "stream", "idle", "$");
        await client.RequireAsync("XGROUP", "CREATECONSUMER", "stream", "workers", "nothing yet");
        await client.RequireAsync("XREADGROUP", "GROUP", "workers", "alice", "COUNT", "30", "STREAMS", "stream", ">");
        await client.RequireAsync("XREADGROUP", "GROUP", "workers", "bob", "COUNT", "5", "STREAMS", "stream", ">");
        await client.RequireAsync("XREADGROUP", "GROUP", "workers", "alice", "COUNT", "5", "STREAMS", "stream", "0");
        await client.RequireAsync("XACK", "stream", "workers", "1700000000003-0");
        await client.RequireAsync("XGROUP", "SETID", "stream", "idle", "1700000000020-2");
    }

    private static IEnumerable<byte[]> Noise(int count)
    {
        var random = new Random(17);
        return Enumerable.Range(0, count).Select(_ => RespTargetDataSet.Noise(random, 4_000));
    }
}
