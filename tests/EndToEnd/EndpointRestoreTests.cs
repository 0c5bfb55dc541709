using System.Net;
using System.Text.Json;
using CacheBackup.Core.Model;
using CacheBackup.Fixtures;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.EndToEnd;

/// <summary>Restores into servers that the user runs: filled if they are empty, never stopped.</summary>
[Trait("Category", "Server")]
public sealed class EndpointRestoreTests
{
    [Theory]
    [InlineData(CacheEngine.Redis)]
    [InlineData(CacheEngine.Valkey)]
    public async Task Empty_endpoint_is_filled_compared_and_registered_and_survives_its_record(CacheEngine engine)
    {
        using TemporaryDirectory secrets = new();
        string password = Path.Combine(secrets.Path, "password");
        await File.WriteAllTextAsync(password, "of the target");
        File.SetUnixFileMode(password, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await using ServerProcess server = await FailedBackupTests.FilledServerAsync(engine);
        await using ServerProcess target = await ServerProcess.StartAsync(new ServerOptions
        {
            Engine = engine,
            Configuration = ["user default off", "user filler on >\"of the target\" ~* &* +@all"],
        });
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        JsonElement backup = await VerifyTests.BackUpAsync(service, server);
        await service.PostAsync(
            "/backups/first/restore",
            new { cache = "mine", endpoint = new { host = "127.0.0.1", port = target.Port, username = "filler", password = $"file:{password}" } });
        JsonElement cache = await service.WaitForAsync("/caches/mine", "available");
        Assert.Equal(backup.GetProperty("keys").GetInt64(), cache.GetProperty("restoration").GetProperty("outcome").GetProperty("restored").GetInt64());
        Assert.Equal(backup.GetProperty("engineVersion").GetString(), cache.GetProperty("engineVersion").GetString());
        Assert.Equal(target.Port, cache.GetProperty("shards")[0].GetProperty("address").GetProperty("endpoint").GetProperty("port").GetInt32());

        // The backup is let go last.
        await service.WaitForAsync("/backups/first", "available");
        string[] told =
        [
            .. (await service.GetAsync("/events?cache=mine")).Body.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("code").GetString()!),
        ];
        Assert.Equal(["restore-completed", "restore-progress", "restore-started"], told);

        // A registered cache like any other, which a removal only forgets.
        await service.BackUpAsync("second", "mine");
        await service.WaitForAsync("/caches/mine", "available");
        await service.Client.RemoveAsync("/caches/mine");
        await using CacheClient client = await target.ConnectAsync();
        await client.RequireAsync("AUTH", "filler", "of the target");
        Assert.Equal(backup.GetProperty("keys").GetInt64(), await CountAsync(client));
    }

    [Fact]
    public async Task Endpoint_that_holds_a_key_is_not_touched()
    {
        await using ServerProcess server = await FailedBackupTests.FilledServerAsync(CacheEngine.Valkey);
        await using ServerProcess target = await ServerProcess.StartAsync(CacheEngine.Valkey);
        await using CacheClient client = await target.ConnectAsync();
        await client.RequireAsync("SET", "mine", "1");
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        await VerifyTests.BackUpAsync(service, server);
        await RestoreAsync(service, "copy", target);
        Answers.AssertReason(
            await service.WaitForAsync("/caches/copy", "restore-failed"), "TargetNotEmptyException", "1 key(s)", "Nothing was written");
        Assert.Equal(["mine"], await PartialRestoreTests.KeysAsync(client, 0));
        await service.WaitForAsync("/backups/first", "available");

        // The same name and endpoint again, once the user has made room.
        await service.Client.RemoveAsync("/caches/copy");
        await client.RequireAsync("FLUSHALL");
        await RestoreAsync(service, "copy", target);
        await service.WaitForAsync("/caches/copy", "available");
    }

    [Fact]
    public async Task Endpoint_that_is_a_cache_already_is_refused_with_advice()
    {
        await using ServerProcess server = await FailedBackupTests.FilledServerAsync(CacheEngine.Redis);
        await using ServerProcess target = await ServerProcess.StartAsync(CacheEngine.Redis);
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        await VerifyTests.BackUpAsync(service, server);
        await service.RegisterAsync("existing", target.Port);
        await RestoreAsync(service, "copy", target);
        Answers.AssertReason(
            await service.WaitForAsync("/caches/copy", "create-failed"), "cache existing already", "move your endpoint there");
    }

    [Fact]
    public async Task Endpoint_that_is_too_small_or_of_another_engine_is_refused_with_numbers_and_not_touched()
    {
        await using ServerProcess server = await FailedBackupTests.FilledServerAsync(CacheEngine.Redis);
        await using ServerProcess small = await ServerProcess.StartAsync(new ServerOptions { Configuration = ["maxmemory 1000000"] });
        await using ServerProcess valkey = await ServerProcess.StartAsync(CacheEngine.Valkey);
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        await VerifyTests.BackUpAsync(service, server);
        await RestoreAsync(service, "copy", small);
        Answers.AssertReason(await service.WaitForAsync("/caches/copy", "restore-failed"), "maxmemory is 1,000,000", "Nothing was written");
        await RestoreAsync(service, "other", valkey);
        Answers.AssertReason(await service.WaitForAsync("/caches/other", "restore-failed"), "Redis OSS 7.0", "Valkey 8.", "Nothing was written");
        await using CacheClient client = await valkey.ConnectAsync();
        Assert.Empty(await PartialRestoreTests.KeysAsync(client, 0));
    }

    [Fact]
    public async Task Failed_restore_says_what_the_endpoint_holds_and_leaves_it_running()
    {
        await using ServerProcess server = await FailedBackupTests.FilledServerAsync(CacheEngine.Redis);
        await using ServerProcess target = await ServerProcess.StartAsync(CacheEngine.Redis);
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        JsonElement backup = await VerifyTests.BackUpAsync(service, server);
        await VerifyTests.FlipAsync(service, backup, offset: backup.GetProperty("shards")[0].GetProperty("sizeBytes").GetInt32() - 2_000);
        await RestoreAsync(service, "copy", target);
        JsonElement failed = await service.WaitForAsync("/caches/copy", "restore-failed");
        Answers.AssertReason(failed, "BackupDamagedException", $"127.0.0.1:{target.Port}");
        Assert.Equal(
            "restore-failed", (await service.GetAsync("/events?cache=copy")).Body.GetProperty("events")[0].GetProperty("code").GetString());
        await using CacheClient client = await target.ConnectAsync();
        Answers.AssertReason(failed, $"holds {await CountAsync(client):N0} key(s)", "empty it before");
        await service.Client.RemoveAsync("/caches/copy");
        await client.RequireAsync("PING");
    }

    [Fact]
    public async Task Racing_restores_into_one_endpoint_have_one_winner()
    {
        await using ServerProcess server = await FailedBackupTests.FilledServerAsync(CacheEngine.Redis);
        await using ServerProcess target = await ServerProcess.StartAsync(CacheEngine.Redis);
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        await VerifyTests.BackUpAsync(service, server);
        string[] names = [.. Enumerable.Range(0, 6).Select(i => $"copy-{i}")];
        await Task.WhenAll(names.Select(name => RestoreAsync(service, name, target)));
        JsonElement[] ended = await Task.WhenAll(names.Select(name => EndAsync(service, name)));
        Assert.Single(ended, cache => cache.GetProperty("status").GetString() == "available");
        await service.WaitForAsync("/backups/first", "available");
    }

    [Fact]
    public async Task ElastiCache_targets_are_checked_at_once_kept_and_not_available_on_one_machine()
    {
        await using ServerProcess server = await FailedBackupTests.FilledServerAsync(CacheEngine.Redis);
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        await VerifyTests.BackUpAsync(service, server);
        Answers.AssertProblem(
            await service.SendAsync(HttpMethod.Post, "/backups/first/restore", new { cache = "copy", selfDesigned = new { nodeType = "cache.r6gd.xlarge" } }),
            HttpStatusCode.Conflict, "backup-not-restorable", "data tiering");
        Answers.AssertProblem(
            await service.SendAsync(HttpMethod.Post, "/backups/first/restore", new { cache = "copy", selfDesigned = new { nodeType = "cache.t4g.small", shards = 501 } }),
            HttpStatusCode.BadRequest, "invalid-request", "1 to 500 shards");
        Assert.Equal(HttpStatusCode.NotFound, (await service.GetAsync("/caches/copy")).Status);

        await service.PostAsync(
            "/backups/first/restore",
            new { cache = "copy", selfDesigned = new { nodeType = "cache.t4g.small", replicas = 1, securityGroups = new[] { "sg-01234567" } } });
        JsonElement kept = await service.WaitForAsync("/caches/copy", "create-failed");
        Answers.AssertReason(kept, "TargetNotAvailableHereException", "Run the service in AWS");
        JsonElement cluster = kept.GetProperty("restoration").GetProperty("target").GetProperty("selfDesigned");
        Assert.Equal(("cache.t4g.small", 1), (cluster.GetProperty("nodeType").GetString(), cluster.GetProperty("replicas").GetInt32()));
        await service.Client.RemoveAsync("/caches/copy");
        await service.WaitForAsync("/backups/first", "available");
    }

    private static Task<JsonElement> RestoreAsync(ServiceUnderTest service, string cache, ServerProcess target) => service.PostAsync(
        "/backups/first/restore", new { cache, endpoint = new { host = "127.0.0.1", port = target.Port } });

    /// <summary>Keys in all databases.</summary>
    private static async Task<long> CountAsync(CacheClient client)
    {
        long sum = 0;
        for (int database = 0; database < 16; database++)
        {
            await client.RequireAsync("SELECT", database);
            sum += (await client.RequireAsync("DBSIZE")).TryGetNumber(out long keys) ? keys : throw new InvalidOperationException("DBSIZE is a number.");
        }

        return sum;
    }

    private static async Task<JsonElement> EndAsync(ServiceUnderTest service, string name)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(60));
        while (true)
        {
            JsonElement cache = (await service.GetAsync($"/caches/{name}")).Body;
            if (cache.GetProperty("status").GetString() is "available" or "restore-failed" or "create-failed")
            {
                return cache;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token);
        }
    }
}
