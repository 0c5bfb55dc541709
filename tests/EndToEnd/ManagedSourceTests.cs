using System.Net;
using System.Text.Json;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures;
using CacheBackup.Fixtures.Caches;
using CacheBackup.Fixtures.Operations;
using CacheBackup.Local.StateMachines;

namespace CacheBackup.EndToEnd;

/// <summary>Caches of ElastiCache by way of the whole service; ElastiCache is a fake one, its files are those of a real server.</summary>
[Trait("Category", "Server")]
public sealed class ManagedSourceTests
{
    private static readonly object Registration = new { name = "shop", elastiCache = new { replicationGroup = "Shop-In-Aws" } };

    private readonly FakeElastiCache _elastiCache = new(TimeProvider.System);
    private readonly FakeElastiCacheService _calls;

    public ManagedSourceTests() => _calls = new FakeElastiCacheService(_elastiCache);

    [Fact]
    public async Task A_snapshot_of_ElastiCaches_is_adopted_and_restored_key_by_key()
    {
        Requires.Program(ServerProcess.ProgramOf(CacheEngine.Redis));
        await using ServerProcess source = await ServerProcess.StartAsync(CacheEngine.Redis);
        await LoadedServer.FillAsync(source);
        byte[] file = await SaveAsync(source);
        _elastiCache.Add(ManagedResourceKind.ReplicationGroup, "shop-in-aws", () => [file]);
        await using ServiceUnderTest service = await StartAsync();

        JsonElement registering = await service.PostAsync("/caches", Registration);
        Assert.Equal("creating", registering.GetProperty("status").GetString());
        JsonElement cache = await service.WaitForAsync("/caches/shop", "available");
        Assert.Equal("cluster-disabled", cache.GetProperty("topology").GetString());
        Assert.Equal("shop-in-aws", cache.GetProperty("managed").GetProperty("replicationGroup").GetString());

        JsonElement backup = await service.BackUpAsync("first", "shop");
        Assert.Equal("ElastiCache snapshot", backup.GetProperty("shards")[0].GetProperty("method").GetString());
        await service.EndOfAsync(backup.GetProperty("execution").GetString()!);
        Assert.Equal(["snapshot", "copy", "delete"], _elastiCache.Asked.Select(asked => asked.Split(' ')[0]));
        Assert.Empty(await ExchangeAsync());
        Assert.Empty(_elastiCache.Snapshots);

        await service.RestoreAsync("first", "copy");
        JsonElement address = (await service.GetAsync("/caches/copy")).Body.GetProperty("shards")[0].GetProperty("address");
        CacheEndpoint copy = new("127.0.0.1", address.GetProperty("endpoint").GetProperty("port").GetInt32());
        string password = await File.ReadAllTextAsync(address.GetProperty("password").GetString()!["file:".Length..]);
        Assert.Equal(await LoadedServer.ContentAsync(source), await LoadedServer.ContentAsync(copy, password));
    }

    [Fact]
    public async Task A_group_of_three_shards_is_adopted_whole()
    {
        Requires.Program(ServerProcess.ProgramOf(CacheEngine.Redis));
        List<byte[]> files = [];
        for (int shard = 0; shard < 3; shard++)
        {
            await using ServerProcess source = await ServerProcess.StartAsync(CacheEngine.Redis);
            await using (CacheClient client = await source.ConnectAsync())
            {
                for (int key = 0; key <= shard; key++)
                {
                    await client.RequireAsync("SET", $"shard:{shard}:{key}", "value");
                }
            }

            files.Add(await SaveAsync(source));
        }

        _elastiCache.Add(ManagedResourceKind.ReplicationGroup, "shop-in-aws", () => files);
        await using ServiceUnderTest service = await StartAsync();
        await service.PostAsync("/caches", Registration);
        await service.WaitForAsync("/caches/shop", "available");
        JsonElement backup = await service.BackUpAsync("first", "shop");
        Assert.Equal("cluster-enabled", backup.GetProperty("topology").GetString());
        Assert.True(backup.GetProperty("shards").GetArrayLength() == 3, backup.ToString());
        Assert.Equal(files.Select(file => (long)file.Length), backup.GetProperty("shards").EnumerateArray().Select(shard => shard.GetProperty("sizeBytes").GetInt64()));
    }

    [Fact]
    public async Task A_refused_export_fails_the_backup_with_its_reason_and_leaves_nothing()
    {
        _elastiCache.Add(ManagedResourceKind.ReplicationGroup, "shop-in-aws", () => [[]]);
        TimeAhead time = new();
        _calls.Before = call =>
        {
            if (call.Action == "copySnapshot")
            {
                // A refusal counts once nothing has come for a while.
                time.Turn(CheckNativeSnapshot.RefusedWithoutFiles);
                throw new TaskFailedException("ElastiCache.InvalidParameterValueException", "ElastiCache has not been granted READ_ACP permissions");
            }
        };
        await using ServiceUnderTest service = await StartAsync(time);
        await service.PostAsync("/caches", Registration);
        await service.WaitForAsync("/caches/shop", "available");
        await service.PostAsync("/backups", new { name = "first", cache = "shop" });
        JsonElement failed = await service.WaitForAsync("/backups/first", "failed");
        Answers.AssertReason(failed, "NativeExportFailedException", "READ_ACP");
        await service.EndOfAsync(failed.GetProperty("execution").GetString()!);
        Assert.Empty(_elastiCache.Snapshots);
        await service.WaitForAsync("/caches/shop", "available");
    }

    [Fact]
    public async Task A_final_backup_is_native_and_read_back_and_the_registered_cache_is_only_forgotten()
    {
        Requires.Program(ServerProcess.ProgramOf(CacheEngine.Redis));
        await using ServerProcess source = await ServerProcess.StartAsync(CacheEngine.Redis);
        await LoadedServer.FillAsync(source);
        byte[] file = await SaveAsync(source);
        ManagedResource resource = _elastiCache.Add(ManagedResourceKind.ReplicationGroup, "shop-in-aws", () => [file]);
        await using ServiceUnderTest service = await StartAsync();
        await service.PostAsync("/caches", Registration);
        await service.WaitForAsync("/caches/shop", "available");
        JsonElement removing = (await service.SendAsync(HttpMethod.Delete, "/caches/shop?finalBackup=last")).Body;
        await service.EndOfAsync(removing.GetProperty("operation").GetProperty("execution").GetString()!);
        JsonElement last = (await service.GetAsync("/backups/last")).Body;
        Assert.Equal(("available", "final"), (last.GetProperty("status").GetString(), last.GetProperty("kind").GetString()));
        Assert.Equal(HttpStatusCode.NotFound, (await service.GetAsync("/caches/shop")).Status);
        Assert.NotNull(await _elastiCache.FindAsync(resource, default));
        Assert.Empty(_elastiCache.Snapshots);
    }

    [Fact]
    public async Task On_one_machine_it_is_refused_at_once_and_bad_members_are_named()
    {
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        Answers.AssertProblem(await service.SendAsync(HttpMethod.Post, "/caches", Registration), HttpStatusCode.Conflict, "target-not-available-here", "ElastiCache");
        Answers.AssertProblem(
            await service.SendAsync(HttpMethod.Post, "/caches", new { name = "shop" }), HttpStatusCode.BadRequest, "invalid-request", "host", "elastiCache");
        Answers.AssertProblem(
            await service.SendAsync(HttpMethod.Post, "/caches", new { name = "shop", host = "a.test", elastiCache = new { cacheCluster = "a" } }),
            HttpStatusCode.BadRequest, "invalid-request", "host", "elastiCache");
        Answers.AssertProblem(
            await service.SendAsync(HttpMethod.Post, "/caches", new { name = "shop", host = "a.test", method = "native" }),
            HttpStatusCode.BadRequest, "invalid-request", "method");
        Answers.AssertProblem(
            await service.SendAsync(HttpMethod.Post, "/caches", new { name = "shop", port = 1, elastiCache = new { cacheCluster = "a" } }),
            HttpStatusCode.BadRequest, "invalid-request", "port");
        Answers.AssertProblem(
            await service.SendAsync(HttpMethod.Post, "/caches", new { name = "shop", password = "env:X", elastiCache = new { cacheCluster = "a" } }),
            HttpStatusCode.BadRequest, "invalid-request", "password");
        Assert.Equal(HttpStatusCode.NotFound, (await service.GetAsync("/caches/shop")).Status);
    }

    private Task<ServiceUnderTest> StartAsync(TimeProvider? time = null) => ServiceUnderTest.StartAsync(
        services: _calls,
        decorate: parts => parts with
        {
            Time = time ?? parts.Time,
            ManagedSources = _elastiCache,
            NativeSnapshots = _elastiCache,
            Exchange = _elastiCache.Exchange,
            ExchangeBucket = FakeElastiCache.Bucket,
        });

    /// <summary>What the server writes when it is asked to save: an .rdb file as ElastiCache exports it.</summary>
    private static async Task<byte[]> SaveAsync(ServerProcess server)
    {
        await using CacheClient client = await server.ConnectAsync();
        await client.RequireAsync("SAVE");
        return await File.ReadAllBytesAsync(Path.Combine(server.DirectoryPath, "dump.rdb"));
    }

    private async Task<string[]> ExchangeAsync()
    {
        List<string> keys = [];
        await foreach (ObjectSummary summary in _elastiCache.Exchange.ListAsync(string.Empty, null, default))
        {
            keys.Add(summary.Key.Value);
        }

        return [.. keys];
    }

    /// <summary>The clock, turned ahead by as much as is told.</summary>
    private sealed class TimeAhead : TimeProvider
    {
        private long _ticks;

        public void Turn(TimeSpan ahead) => Interlocked.Exchange(ref _ticks, ahead.Ticks);

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _ticks));
    }
}
