using System.Text.Json;
using CacheBackup.Core.Buckets;
using CacheBackup.Core.Model;
using CacheBackup.Core.Snapshots;
using CacheBackup.Fixtures;
using CacheBackup.Fixtures.Caches;
using CacheBackup.Fixtures.Snapshots;

namespace CacheBackup.EndToEnd;

/// <summary>Caches that let nobody replicate, through the whole service.</summary>
[Trait("Category", "Server")]
public sealed class ScannedCacheTests
{
    private static readonly string[] WithoutReplication = ["rename-command SYNC \"\"", "rename-command PSYNC \"\"", "rename-command CONFIG \"\""];

    [Theory]
    [InlineData(CacheEngine.Redis, "restore")]
    [InlineData(CacheEngine.Redis, "load")]
    [InlineData(CacheEngine.Valkey, "restore")]
    [InlineData(CacheEngine.Valkey, "load")]
    public async Task A_cache_without_replication_is_scanned_and_restored_key_by_key(CacheEngine engine, string fill)
    {
        Requires.Program(ServerProcess.ProgramOf(engine));
        await using ServerProcess source = await ServerProcess.StartAsync(new ServerOptions { Engine = engine, Configuration = WithoutReplication });
        await using CacheClient client = await source.ConnectAsync();
        await SampleData.WriteAsync(client);
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        await service.PostAsync("/caches", new { name = "source", host = "127.0.0.1", port = source.Port });
        await service.WaitForAsync("/caches/source", "available");
        JsonElement available = (await service.GetAsync("/events?cache=source")).Body.GetProperty("events").EnumerateArray()
            .Single(e => e.GetProperty("code").GetString() == "cache-available");
        Assert.Contains("by scan", available.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains("PSYNC and SYNC are renamed", available.GetProperty("message").GetString(), StringComparison.Ordinal);

        JsonElement backup = await service.BackUpAsync("first", "source");
        JsonElement shard = backup.GetProperty("shards")[0];
        Assert.Equal("per-key", shard.GetProperty("consistency").GetString());
        Assert.StartsWith("scan (PSYNC and SYNC are renamed", shard.GetProperty("method").GetString(), StringComparison.Ordinal);
        Assert.Equal(backup.GetProperty("keys").GetInt64(), shard.GetProperty("scan").GetProperty("keysAtEnd").GetInt64());
        JsonElement cache = await service.RestoreAsync("first", "copy", fill);
        Assert.Equal(backup.GetProperty("keys").GetInt64(), cache.GetProperty("restoration").GetProperty("outcome").GetProperty("total").GetInt64());
    }

    [Theory]
    [InlineData(CacheEngine.Redis, "restore")]
    [InlineData(CacheEngine.Valkey, "load")]
    public async Task A_cache_that_is_scanned_in_slices_is_restored_copied_exported_and_verified_like_any_other(CacheEngine engine, string fill)
    {
        Requires.Program(ServerProcess.ProgramOf(engine));
        await using ServerProcess source = await ServerProcess.StartAsync(new ServerOptions { Engine = engine, Configuration = WithoutReplication });
        await using CacheClient client = await source.ConnectAsync();
        await SampleData.WriteAsync(client);
        using TemporaryDirectory elsewhere = new();
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync(
            decorate: parts => parts with { Slices = new SliceLimit { Keys = 20 } },
            configured: ConfiguredBuckets.None with { ExportBuckets = [BucketAddress.Parse(elsewhere.Path)] });
        await service.RegisterAsync("source", source.Port);
        JsonElement backup = await service.BackUpAsync("first", "source");
        JsonElement shard = backup.GetProperty("shards")[0];
        Assert.True(shard.GetProperty("scan").GetProperty("slices").GetInt32() >= 3);
        Assert.False(shard.TryGetProperty("sha256", out _));
        JsonElement cache = await service.RestoreAsync("first", "copy", fill);
        Assert.Equal(backup.GetProperty("keys").GetInt64(), cache.GetProperty("restoration").GetProperty("outcome").GetProperty("total").GetInt64());

        await service.PostAsync("/backups/first/copy", new { name = "second" });
        await service.WaitForAsync("/backups/second", "available");
        await service.RestoreAsync("second", "another", fill);
        JsonElement export = await service.PostAsync("/backups/first/export", new { location = elsewhere.Path, name = "out" });
        JsonElement ended = await service.EndOfAsync(export.GetProperty("execution").GetString()!);
        Assert.True(ended.GetProperty("status").GetString() == "succeeded", ended.ToString());
        string file = Path.Combine(elsewhere.Path, "out-0001.rdb");
        Assert.Equal(backup.GetProperty("keys").GetInt64(), RdbContent.Of(await File.ReadAllBytesAsync(file)).Entries.Count);

        JsonElement verify = await service.PostAsync("/backups/first/verify", new { });
        Assert.Equal("succeeded", (await service.EndOfAsync(verify.GetProperty("execution").GetString()!)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_method_that_cannot_work_is_refused_with_the_reason_and_one_that_can_is_kept()
    {
        await using ServerProcess closed = await ServerProcess.StartAsync(new ServerOptions { Configuration = WithoutReplication });
        await using ServerProcess open = await ServerProcess.StartAsync(CacheEngine.Redis);
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        await service.PostAsync("/caches", new { name = "closed", host = "127.0.0.1", port = closed.Port, method = "replication" });
        Answers.AssertReason(await service.WaitForAsync("/caches/closed", "create-failed"), "InvalidRequestException", "PSYNC and SYNC are renamed");

        await service.PostAsync("/caches", new { name = "open", host = "127.0.0.1", port = open.Port, method = "scan" });
        Assert.Equal("scan", (await service.WaitForAsync("/caches/open", "available")).GetProperty("method").GetString());
        JsonElement backup = await service.BackUpAsync("first", "open");
        Assert.Equal("scan, from the primary: it has no replica", backup.GetProperty("shards")[0].GetProperty("method").GetString());
    }
}
