using CacheBackup.Core.Model;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Resp;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Snapshots;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.Caches.Tests;

/// <summary>What a target does with values that are large, refused, expired or in its way.</summary>
[Trait("Category", "Server")]
public sealed partial class RespTargetTests
{
    public static TheoryData<CacheEngine> Engines => [CacheEngine.Redis, CacheEngine.Valkey];

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_string_above_64_MiB_arrives_whole_and_leaves_no_temporary_key(CacheEngine engine)
    {
        byte[] noise = RespTargetDataSet.Noise(new Random(5), 66 * 1024 * 1024);

        // Half noise and half repetition: compressed by the server, and still larger than one command may be.
        byte[] halfNoise = [.. noise, .. noise];
        for (int at = 0; at < halfNoise.Length; at += 2_048)
        {
            halfNoise.AsSpan(at, 1_000).Fill((byte)at);
        }

        await using RestoredCache cache = await RestoredCache.CreateAsync(engine, async server =>
        {
            await using CacheClient client = await server.ConnectAsync();
            await client.RequireAsync("SET", "{tag}noise", noise);
            await client.RequireAsync("SET", "half noise}", halfNoise, "PXAT", RespTargetDataSet.FarExpiry);
            await client.RequireAsync("SET", "small", "1");
        });
        Assert.All(cache.Snapshot.Content.Index.LargeEntries, entry => Assert.InRange(entry.ValueLengthBytes, 64 * 1024 * 1024, 120_000_000));
        Assert.Equal(2, cache.Snapshot.Content.Index.LargeEntries.Count);

        Assert.Equal(3, (await cache.RestoreAsync()).Restored);
        (await cache.CompareAsync()).ThrowIfDifferent();
        await using CacheClient target = await cache.Target.ConnectAsync();
        Assert.True((await target.RequireAsync("DBSIZE")).TryGetNumber(out long keys));
        Assert.Equal(3, keys);
    }

    [Fact]
    public async Task A_string_in_pieces_goes_into_a_cluster_node_and_takes_the_place_of_what_was_there()
    {
        var options = new ServerOptions { Configuration = ["cluster-enabled yes", "proto-max-bulk-len 2mb"] };
        byte[] noise = RespTargetDataSet.Noise(new Random(6), 2 * 1024 * 1024);
        await using RestoredCache cache = await RestoredCache.CreateAsync(
            CacheEngine.Redis,
            async server =>
            {
                await using CacheClient client = await server.ConnectAsync();
                await client.RequireAsync("SET", "{a}key", noise);
                await client.RequireAsync("SET", "plain }{ key", noise, "PXAT", RespTargetDataSet.FarExpiry);
            },
            options);
        await cache.MeddleAsync(["CLUSTER", "ADDSLOTSRANGE", 0, 16_383]);
        await cache.WaitForClusterAsync();
        await cache.MeddleAsync(["SET", "{a}key", "in the way", "EX", 1_000]);

        await cache.RestoreAsync();
        (await cache.CompareAsync()).ThrowIfDifferent();
    }

    [Fact]
    public async Task What_a_cut_off_attempt_left_is_removed_and_nothing_else()
    {
        var options = new ServerOptions { Configuration = ["proto-max-bulk-len 2mb"] };
        await using RestoredCache cache = await RestoredCache.CreateAsync(
            CacheEngine.Redis,
            async server =>
            {
                await using CacheClient client = await server.ConnectAsync();
                await client.RequireAsync("SET", "cache-backup:unfinished:looks like ours", "1");
                await client.RequireAsync("SELECT", 2);
                await client.RequireAsync("SET", "large", RespTargetDataSet.Noise(new Random(6), 2 * 1024 * 1024));
            },
            options);
        await cache.RestoreAsync();
        string prefix = TemporaryKeys.Of(cache.Range.DataKey).Prefix;
        await cache.MeddleAsync(2, ["SETRANGE", $"{prefix}7:99:{{3}}", 100, "half"]);
        await cache.MeddleAsync(2, ["SETRANGE", $"{prefix}8:99:{{3}}", 100, "half"]);
        Assert.Equal(CompareDifferenceKind.Extra, Assert.Single((await cache.CompareAsync()).Differences).Kind);

        await using (RespTarget target = await cache.ConnectAsync())
        {
            Assert.Equal(2, await RestoreLeftovers.RemoveAsync(target, cache.Range.DataKey, cache.Range.Index, [RdbType.String], default));
        }

        (await cache.CompareAsync()).ThrowIfDifferent();
    }

    [Fact]
    public async Task Keys_expire_before_during_and_after_and_none_is_taken_for_lost()
    {
        const int Count = 3_000;
        await using RestoredCache cache = await RestoredCache.CreateAsync(CacheEngine.Redis, async server =>
        {
            await using CacheClient client = await server.ConnectAsync();
            long now = await TimeAsync(client);
            await RespTargetDataSet.SendAsync(
                client,
                Enumerable.Range(0, Count).Select(i => (RespArgument[])["SET", $"key:{i}", i, "PXAT", now + (i % 3) switch { 0 => 1_500, 1 => 7_000, _ => 100_000_000 }]));
        });
        await SleepAsync(1_600);
        RestoreReport restored = await cache.RestoreAsync();
        Assert.Equal((2 * Count / 3, Count / 3), (restored.Restored, restored.ExpiredBefore));
        CompareReport early = await cache.CompareAsync();
        early.ThrowIfDifferent();
        Assert.Equal(Count, early.ExpiredSince + early.Equal);
        Assert.InRange(early.ExpiredSince, Count / 3, 2 * Count / 3);

        await SleepAsync(6_000);
        CompareReport late = await cache.CompareAsync();
        late.ThrowIfDifferent();
        Assert.Equal((2 * Count / 3, Count / 3), (late.ExpiredSince, late.Equal));
    }

    [Fact]
    public async Task A_full_target_fails_the_restore_with_the_numbers()
    {
        var options = new ServerOptions { Configuration = ["maxmemory 8mb", "maxmemory-policy noeviction"] };
        await using RestoredCache cache = await RestoredCache.CreateAsync(CacheEngine.Redis, FillWithTenMegabytesAsync, options);
        var failure = await Assert.ThrowsAsync<TargetOutOfMemoryException>(cache.RestoreAsync);
        Assert.Contains("maxmemory 8,388,608", failure.Message, StringComparison.Ordinal);
        Assert.Contains("at byte ", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("allkeys-lru", 1)]
    [InlineData("volatile-ttl", 3)]
    public async Task A_restore_stops_before_its_target_evicts(string policy, int connections)
    {
        var options = new ServerOptions { Configuration = ["maxmemory 8mb", $"maxmemory-policy {policy}"] };
        await using RestoredCache cache = await RestoredCache.CreateAsync(CacheEngine.Redis, FillWithTenMegabytesAsync, options);
        TargetOutOfMemoryException[] failures = await Task.WhenAll(Enumerable.Range(0, connections).Select(
            _ => Assert.ThrowsAsync<TargetOutOfMemoryException>(cache.RestoreAsync)));
        Assert.All(failures, failure => Assert.Contains("maxmemory 8,388,608", failure.Message, StringComparison.Ordinal));
        Assert.All(failures, failure => Assert.Contains($"maxmemory-policy {policy}", failure.Message, StringComparison.Ordinal));
        Assert.All(failures, failure => Assert.Contains("at byte ", failure.Message, StringComparison.Ordinal));
        await using CacheClient target = await cache.Target.ConnectAsync();
        Assert.Contains("evicted_keys:0\r", await target.TextAsync("INFO", "stats"), StringComparison.Ordinal);
        Assert.True((await target.RequireAsync("DBSIZE")).TryGetNumber(out long keys));
        Assert.InRange(keys, 3_000, 9_000);
    }

    [Fact]
    public async Task A_value_that_would_push_others_out_is_not_sent()
    {
        var options = new ServerOptions { Configuration = ["maxmemory 16mb", "maxmemory-policy allkeys-lru"] };
        await using RestoredCache cache = await RestoredCache.CreateAsync(
            CacheEngine.Redis,
            async server =>
            {
                await using CacheClient client = await server.ConnectAsync();
                await client.RequireAsync("SET", "small", "1");
                await client.RequireAsync("SET", "large", RespTargetDataSet.Noise(new Random(4), 12_000_000));
            },
            options);
        var failure = await Assert.ThrowsAsync<TargetOutOfMemoryException>(cache.RestoreAsync);
        Assert.Contains("would soon evict", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"at byte {cache.Range.Index.LargeEntries[0].OffsetBytes} ", failure.Message, StringComparison.Ordinal);
        await using CacheClient target = await cache.Target.ConnectAsync();
        Assert.Contains("evicted_keys:0\r", await target.TextAsync("INFO", "stats"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evictions_that_happen_all_the_same_fail_the_restore_with_the_numbers()
    {
        long evicted = 7;
        await using FakeCacheServer server = FakeCacheServer.Start(async connection =>
        {
            while (await connection.ReadCommandAsync() is { } words)
            {
                string info = $"evicted_keys:{evicted}\r\nused_memory:900\r\nmaxmemory:1000\r\n";
                await connection.SendAsync(words[0] == "INFO" ? $"${info.Length}\r\n{info}\r\n" : "+OK\r\n");
            }
        });
        await using RespTarget target = await RespTarget.ConnectAsync(
            server.Address, KnownPassword.Instance, RespConnectionOptions.Default, TimeProvider.System, default);
        await target.RestoreAsync(SecretEntry(), default);
        await target.FlushAsync(default);
        evicted = 10;
        var failure = await Assert.ThrowsAsync<TargetOutOfMemoryException>(async () => await target.FlushAsync(default));
        Assert.Contains("evicted 3 key(s)", failure.Message, StringComparison.Ordinal);
        Assert.Contains("900 bytes of maxmemory 1,000", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_beyond_the_targets_count_is_refused()
    {
        var options = new ServerOptions { Configuration = ["databases 4"] };
        await using RestoredCache cache = await RestoredCache.CreateAsync(
            CacheEngine.Redis,
            async server =>
            {
                await using CacheClient client = await server.ConnectAsync();
                await client.RequireAsync("SELECT", 9);
                await client.RequireAsync("SET", "key", "value");
            },
            options);
        var refusal = await Assert.ThrowsAsync<TargetRefusedException>(cache.RestoreAsync);
        Assert.Contains("count of databases", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-BUSYKEY Target key name already exists.\r\n", typeof(ForeignWriterException))]
    [InlineData("-LOADING Redis is loading the dataset in memory\r\n", typeof(CacheLoadingException))]
    [InlineData("-READONLY You can't write against a read only replica.\r\n", typeof(TargetRefusedException))]
    [InlineData("-MOVED 99 10.0.0.1:6379\r\n", typeof(ClusterUnsettledException))]
    [InlineData("-ASK 99 10.0.0.1:6379\r\n", typeof(ClusterUnsettledException))]
    [InlineData("-CROSSSLOT Keys in request don't hash to the same slot\r\n", typeof(TargetRefusedException))]
    [InlineData("-OOM command not allowed when used memory > 'maxmemory'.\r\n", typeof(TargetOutOfMemoryException))]
    [InlineData("-TRYAGAIN Multiple keys request during rehashing of slot\r\n", typeof(CacheUnreachableException))]
    [InlineData("-BUSY Redis is busy running a script.\r\n", typeof(CacheUnreachableException))]
    [InlineData("", typeof(CacheUnreachableException))]
    [InlineData("-NOPERM this user has no permissions to run the 'restore' command\r\n", typeof(CacheAccessDeniedException))]
    [InlineData("-CLUSTERDOWN Hash slot not served\r\n", typeof(CacheUnreachableException))]
    [InlineData("-ERR secret-key is bad\r\n", typeof(TargetRefusedException))]
    public async Task What_a_target_answers_becomes_the_error_that_it_means(string reply, Type error)
    {
        await using FakeCacheServer server = FakeCacheServer.Start(async connection =>
        {
            while (await connection.ReadCommandAsync() is { } words)
            {
                if (words[0] != "INFO" && reply.Length == 0)
                {
                    // A connection that is cut instead of an answer.
                    connection.Reset();
                    return;
                }

                await connection.SendAsync(words[0] == "INFO" ? "$16\r\nevicted_keys:0\r\n\r\n" : reply);
            }
        });
        await using RespTarget target = await RespTarget.ConnectAsync(
            server.Address, KnownPassword.Instance, RespConnectionOptions.Default, TimeProvider.System, default);
        await target.RestoreAsync(SecretEntry(), default);
        Exception failure = await Assert.ThrowsAsync(error, async () => await target.FlushAsync(default));
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
        if (failure is not CacheAccessDeniedException && !reply.StartsWith("-BUSY ", StringComparison.Ordinal))
        {
            Assert.Contains("4711", failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_target_that_dies_half_way_is_unreachable_and_the_range_can_be_repeated()
    {
        await using RestoredCache cache = await RestoredCache.CreateAsync(CacheEngine.Redis, FillWithTenMegabytesAsync);
        var run = new RestoreRun(cache.Store, TimeProvider.System);
        await using (RespTarget target = await cache.ConnectAsync())
        {
            // After the first segment it is gone.
            var range = new RestoreRange(cache.Range.DataKey, cache.Range.Index, 0, 1);
            await run.RunAsync(range, target, null, default);
            await cache.Target.KillAsync();
            await Assert.ThrowsAsync<CacheUnreachableException>(() => run.RunAsync(cache.Range, target, null, default));
        }

        await cache.Target.StartAgainAsync();
        await cache.RestoreAsync();
        (await cache.CompareAsync()).ThrowIfDifferent();
    }

    private static RestoreEntry SecretEntry() => new()
    {
        Database = 0,
        Key = "secret-key"u8.ToArray(),
        Version = new RdbVersion(RdbMagic.Redis, 10),
        Type = RdbType.String,
        Value = "\u0006secret"u8.ToArray(),
        OffsetBytes = 4_711,
    };

    private static async Task FillWithTenMegabytesAsync(ServerProcess server)
    {
        await using CacheClient client = await server.ConnectAsync();
        var random = new Random(9);
        await RespTargetDataSet.SendAsync(
            client, Enumerable.Range(0, 10_000).Select(i => (RespArgument[])["SET", $"key:{i}", RespTargetDataSet.Noise(random, 1_000)]));
    }

    private static async Task<byte[]> DumpAsync(CacheClient client, string key)
    {
        RespReply reply = await client.RequireAsync("DUMP", key);
        Assert.True(reply.TryGetBytes(out ReadOnlyMemory<byte> payload));
        return payload.ToArray();
    }

    private static async Task<long> TimeAsync(CacheClient client)
    {
        RespReply reply = await client.RequireAsync("TIME");
        Assert.True(reply.TryGetItems(out ReadOnlyMemory<RespReply> parts));
        Assert.True(parts.Span[0].TryGetNumber(out long seconds));
        return seconds * 1_000;
    }

    private static Task SleepAsync(int milliseconds) => Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System);
}
