using System.Text;
using CacheBackup.Core.Model;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Resp;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Snapshots;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.Caches.Tests;

/// <summary>What a target does with values that are large, refused, expired or in its way.</summary>
[Trait("Category", "Server")]
public sealed class RespTargetTests
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
        await WaitForClusterAsync(cache.Target);
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
            Assert.Equal(2, await RestoreLeftovers.RemoveAsync(target, cache.Range.DataKey, cache.Range.Index, default));
        }

        (await cache.CompareAsync()).ThrowIfDifferent();
    }

    [Fact]
    public async Task An_aggregate_larger_than_one_command_is_refused_by_place_and_size()
    {
        var options = new ServerOptions { Configuration = ["proto-max-bulk-len 16mb"] };
        await using RestoredCache cache = await RestoredCache.CreateAsync(
            CacheEngine.Redis,
            async server =>
            {
                await using CacheClient client = await server.ConnectAsync();
                for (int i = 0; i < 20; i++)
                {
                    await client.RequireAsync("RPUSH", "list", RespTargetDataSet.Noise(new Random(i), 1_000_000));
                }
            },
            options);
        var refusal = await Assert.ThrowsAsync<BackupNotRestorableException>(cache.RestoreAsync);
        Assert.Contains($"at byte {cache.Range.Index.LargeEntries[0].OffsetBytes} ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("16,776,192", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_of_100_MB_streams_in_one_command()
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

    [Fact]
    public async Task A_target_that_evicts_fails_the_restore_with_the_numbers()
    {
        var options = new ServerOptions { Configuration = ["maxmemory 8mb", "maxmemory-policy allkeys-lru"] };
        await using RestoredCache cache = await RestoredCache.CreateAsync(CacheEngine.Redis, FillWithTenMegabytesAsync, options);
        var failure = await Assert.ThrowsAsync<TargetOutOfMemoryException>(cache.RestoreAsync);
        Assert.Contains("evicted", failure.Message, StringComparison.Ordinal);
        Assert.Contains("maxmemory 8,388,608", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_type_that_the_target_does_not_know_is_refused_by_place_and_without_the_key()
    {
        // Valkey 8 keeps small sets as listpacks, which Redis 7.0 does not read.
        await using RestoredCache cache = await RestoredCache.CreateAsync(
            CacheEngine.Valkey,
            async server =>
            {
                await using CacheClient client = await server.ConnectAsync();
                await client.RequireAsync("SADD", "secret-key-name", "member");
            },
            new ServerOptions { Engine = CacheEngine.Redis });
        var refusal = await Assert.ThrowsAsync<TargetRefusedException>(cache.RestoreAsync);
        Assert.Contains($"at byte {cache.Range.Index.Segments[1].OffsetBytes} ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("ERR (the payload's version is newer", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refusal.Message, StringComparison.Ordinal);
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
    [InlineData("-MOVED 99 10.0.0.1:6379\r\n", typeof(TargetRefusedException))]
    [InlineData("-NOPERM this user has no permissions to run the 'restore' command\r\n", typeof(CacheAccessDeniedException))]
    [InlineData("-CLUSTERDOWN Hash slot not served\r\n", typeof(CacheUnreachableException))]
    [InlineData("-ERR secret-key is bad\r\n", typeof(TargetRefusedException))]
    public async Task What_a_target_answers_becomes_the_error_that_it_means(string reply, Type error)
    {
        await using FakeCacheServer server = FakeCacheServer.Start(async connection =>
        {
            while (await connection.ReadCommandAsync() is { } words)
            {
                await connection.SendAsync(words[0] == "INFO" ? "$16\r\nevicted_keys:0\r\n\r\n" : reply);
            }
        });
        await using RespTarget target = await RespTarget.ConnectAsync(
            server.Address, KnownPassword.Instance, RespConnectionOptions.Default, TimeProvider.System, default);
        var entry = new RestoreEntry
        {
            Database = 0,
            Key = "secret-key"u8.ToArray(),
            Version = new Core.Rdb.RdbVersion(Core.Rdb.RdbMagic.Redis, 10),
            Type = Core.Rdb.RdbType.String,
            Value = "\u0006secret"u8.ToArray(),
            OffsetBytes = 4_711,
        };
        await target.RestoreAsync(entry, default);
        Exception failure = await Assert.ThrowsAsync(error, async () => await target.FlushAsync(default));
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
        if (failure is TargetRefusedException or ForeignWriterException)
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
    public async Task A_server_without_PEXPIRETIME_is_refused_for_comparison()
    {
        await using FakeCacheServer server = FakeCacheServer.Start(async connection =>
        {
            while (await connection.ReadCommandAsync() is { } words)
            {
                await connection.SendAsync(words[0] == "GET" ? "$-1\r\n" : "-ERR unknown command `PEXPIRETIME`\r\n");
            }
        });
        await using RespTarget target = await RespTarget.ConnectAsync(
            server.Address, KnownPassword.Instance, RespConnectionOptions.Default, TimeProvider.System, default);
        var refusal = await Assert.ThrowsAsync<TargetRefusedException>(
            () => target.ReadBackAsync(0, [new ReadBackRequest("key"u8.ToArray(), Core.Rdb.RdbType.String, default)], default));
        Assert.Contains("7.0", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_string_is_read_back_as_it_is_and_another_type_under_its_key_is_another_value()
    {
        await using FakeCacheServer server = FakeCacheServer.Start(async connection =>
        {
            while (await connection.ReadCommandAsync() is { } words)
            {
                await connection.SendAsync(words switch
                {
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

    private static async Task WaitForClusterAsync(ServerProcess server)
    {
        await using CacheClient client = await server.ConnectAsync();
        for (int i = 0; i < 500; i++)
        {
            if ((await client.TextAsync("CLUSTER", "INFO")).Contains("cluster_state:ok", StringComparison.Ordinal))
            {
                return;
            }

            await SleepAsync(20);
        }

        Assert.Fail("The cluster node did not come up.");
    }

    private static Task SleepAsync(int milliseconds) => Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System);
}
