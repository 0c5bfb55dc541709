using System.Text.Json;
using CacheBackup.Core.Buckets;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Fixtures.Operations;
using CacheBackup.Fixtures.Snapshots;

namespace CacheBackup.Core.Tests.Operations;

/// <summary>Caches of ElastiCache as they are registered, and as they go.</summary>
public sealed class ManagedCacheTests
{
    private static readonly CacheName Shop = CacheName.Parse("shop");

    private readonly MemoryService _service = new(TimeProvider.System);

    [Theory]
    [InlineData(ManagedResourceKind.ServerlessCache, CacheTopology.Serverless)]
    [InlineData(ManagedResourceKind.ReplicationGroup, CacheTopology.ClusterEnabled)]
    [InlineData(ManagedResourceKind.CacheCluster, CacheTopology.ClusterEnabled)]
    public async Task A_native_cache_is_available_when_ElastiCache_has_told_what_it_is(ManagedResourceKind kind, CacheTopology topology)
    {
        ManagedResource resource = _service.ElastiCache.Add(kind, "shop-1", () => [[], []], CacheEngine.Valkey);
        Cache cache = await RegisterAsync(SourceOf(resource));
        Assert.Equal("""native""", Input(cache).GetProperty("managed").GetString());
        CacheJob job = JobOf(cache);
        Cache once = await new DescribeManagedSource(_service.Parts).RunAsync(job, default);
        Cache twice = await new DescribeManagedSource(_service.Parts).RunAsync(job, default);
        Assert.Equal(once.Revision, twice.Revision);
        Assert.Equal((CacheStatus.Available, CacheEngine.Valkey, topology, null), (once.Status, once.Engine, once.Topology, once.Operation));
        Assert.Equal((2, true, BackupMethod.Native), (once.Managed!.Shards!.Count, once.Managed.Tls, once.BackupMethod));
        Assert.StartsWith("arn:aws:elasticache:", once.Managed.Arn, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_streamed_cache_is_probed_at_the_endpoint_that_ElastiCache_tells()
    {
        ManagedResource resource = _service.ElastiCache.Add(ManagedResourceKind.ReplicationGroup, "shop-1", () => [[]]);
        CredentialReference password = CredentialReference.Parse("secret:cache-backup/shop");
        Cache cache = await RegisterAsync(SourceOf(resource) with { Method = BackupMethod.Stream, Username = "backup", Password = password });
        Assert.Equal("stream", Input(cache).GetProperty("managed").GetString());
        Cache described = await new DescribeManagedSource(_service.Parts).RunAsync(JobOf(cache), default);
        Assert.Equal((CacheStatus.Creating, BackupMethod.Stream), (described.Status, described.BackupMethod));
        CacheAddress address = Assert.Single(described.Shards).Address;
        Assert.Equal((new CacheEndpoint("shop-1-1.test", 6379), "backup", password), (address.Endpoint, address.Username, address.Password));
        Assert.NotNull(address.Tls);
        Assert.Equal(CacheStatus.Available, (await new ProbeCache(_service.Parts).RunAsync(JobOf(cache), default)).Status);
    }

    [Fact]
    public async Task A_cache_that_ElastiCache_does_not_have_is_refused_by_name()
    {
        Cache cache = await RegisterAsync(new ManagedSource { ServerlessCache = "Nowhere" });
        NotFoundException missing = await Assert.ThrowsAsync<NotFoundException>(() => new DescribeManagedSource(_service.Parts).RunAsync(JobOf(cache), default));
        Assert.Contains("serverless cache nowhere", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_ElastiCache_cannot_export_is_refused_at_registration()
    {
        ManagedResource resource = _service.ElastiCache.Add(ManagedResourceKind.ReplicationGroup, "shop-1", () => [[]]);
        _service.ElastiCache.Change(resource, found => found with { DataTiering = true });
        Cache cache = await RegisterAsync(SourceOf(resource));
        InvalidRequestException tiered = await Assert.ThrowsAsync<InvalidRequestException>(
            () => new DescribeManagedSource(_service.Parts).RunAsync(JobOf(cache), default));
        Assert.Contains("data tiering", tiered.Message, StringComparison.Ordinal);

        _service.ElastiCache.Change(resource, found => found with { DataTiering = false, Engine = CacheEngine.Memcached });
        InvalidRequestException memcached = await Assert.ThrowsAsync<InvalidRequestException>(
            () => new DescribeManagedSource(_service.Parts).RunAsync(JobOf(cache), default));
        Assert.Contains("Memcached", memcached.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string?, string?, string?> BadNames => new()
    {
        { null, null, null },
        { "one", "two", null },
        { "", null, null },
        { "1a", null, null },
        { null, "under_score", null },
        { null, null, new string('a', 41) },
    };

    [Theory]
    [MemberData(nameof(BadNames))]
    public async Task Exactly_one_good_name_is_asked_for(string? serverless, string? group, string? cluster)
    {
        ManagedSource source = new() { ServerlessCache = serverless, ReplicationGroup = group, CacheCluster = cluster };
        await Assert.ThrowsAsync<InvalidRequestException>(() => RegisterAsync(source));
        Assert.Null(await _service.Parts.Catalog.Caches.FindAsync(Shop, default));
    }

    [Fact]
    public async Task On_one_machine_a_cache_of_ElastiCaches_is_refused_before_anything_is_written()
    {
        ServiceParts here = _service.Parts with { Exchange = null, ExchangeBucket = null };
        await Assert.ThrowsAsync<TargetNotAvailableHereException>(() => new RegisterCache(here).RunAsync(
            new RegisterCacheRequest(Shop, null) { Managed = new ManagedSource { ServerlessCache = "shop" } }, default));
        Assert.Null(await here.Catalog.Caches.FindAsync(Shop, default));
    }

    [Fact]
    public async Task A_registered_cache_is_only_forgotten()
    {
        MemoryService service = new(TimeProvider.System) { AllowDeleteCaches = true };
        ManagedResource resource = service.ElastiCache.Add(ManagedResourceKind.ReplicationGroup, "shop", () => [[]], CacheEngine.Redis, new Tag("cache-backup:cache", "shop"));
        Cache cache = await new RegisterCache(service.Parts).RunAsync(new RegisterCacheRequest(Shop, null) { Managed = SourceOf(resource) }, default);
        await new DescribeManagedSource(service.Parts).RunAsync(JobOf(cache), default);
        Cache removing = await new RemoveCache(service.Parts).StartAsync(Shop, default);
        Assert.Equal(ServerRemovalStep.Gone, (await new RemoveCache(service.Parts).RemoveServerAsync(JobOf(removing), default)).Step);
        await new RemoveCache(service.Parts).RemoveRecordAsync(JobOf(removing), default);
        Assert.NotNull(await service.ElastiCache.FindAsync(resource, default));
        Assert.Null(await service.Parts.Catalog.Caches.FindAsync(Shop, default));
    }

    [Fact]
    public async Task Where_caches_may_not_be_deleted_the_line_to_add_is_told_and_the_record_can_be_forgotten()
    {
        await AddRestoredAsync(_service, serverless: true);
        TargetNotConfiguredException refused = await Assert.ThrowsAsync<TargetNotConfiguredException>(() => new RemoveCache(_service.Parts).StartAsync(Shop, default));
        Assert.Contains("\"allowDeleteCaches\": true", refused.Message, StringComparison.Ordinal);
        Assert.Equal(CacheStatus.Available, (await _service.Parts.Catalog.Caches.GetAsync(Shop, default)).Status);

        Cache removing = await new RemoveCache(_service.Parts).StartAsync(Shop, finalBackup: null, forgetOnly: true, default);
        Assert.Equal(ServerRemoval.Gone, await new RemoveCache(_service.Parts).RemoveServerAsync(JobOf(removing), default));
    }

    [Theory]
    [InlineData(true, ServerRemovalStep.DeleteServerlessCache)]
    [InlineData(false, ServerRemovalStep.DeleteReplicationGroup)]
    public async Task What_a_restore_made_goes_where_it_is_allowed_and_carries_our_tag(bool serverless, ServerRemovalStep step)
    {
        MemoryService service = new(TimeProvider.System) { AllowDeleteCaches = true };
        ManagedResource resource = await AddRestoredAsync(service, serverless);
        RemoveCache remove = new(service.Parts);
        CacheJob job = JobOf(await remove.StartAsync(Shop, default));
        Assert.Equal(new ServerRemoval(step, "shop"), await remove.RemoveServerAsync(job, default));
        Assert.Equal(new ServerRemoval(step, "shop"), await remove.RemoveServerAsync(job, default));
        foreach (string status in new[] { "deleting", "modifying", "snapshotting", "creating" })
        {
            service.ElastiCache.Change(resource, found => found with { Status = status });
            Assert.Equal(ServerRemovalStep.Wait, (await remove.RemoveServerAsync(job, new FailureCause("any", "any"), default)).Step);
        }

        service.ElastiCache.Change(resource, found => found with { Status = "create-failed" });
        Assert.Equal(step, (await remove.RemoveServerAsync(job, default)).Step);
        service.ElastiCache.Remove(resource);
        Assert.Equal(ServerRemoval.Gone, await remove.RemoveServerAsync(job, default));
    }

    [Fact]
    public async Task Without_our_tag_nothing_is_deleted_in_ElastiCache()
    {
        MemoryService service = new(TimeProvider.System) { AllowDeleteCaches = true };
        await AddRestoredAsync(service, serverless: true, tag: "cache-backup:cache", value: "another");
        CacheJob job = JobOf(await new RemoveCache(service.Parts).StartAsync(Shop, default));
        CatalogConflictException refused = await Assert.ThrowsAsync<CatalogConflictException>(() => new RemoveCache(service.Parts).RemoveServerAsync(job, default));
        Assert.Contains("cache-backup:cache=shop", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_deletion_fails_with_what_ElastiCache_said()
    {
        MemoryService service = new(TimeProvider.System) { AllowDeleteCaches = true };
        await AddRestoredAsync(service, serverless: true);
        CacheJob job = JobOf(await new RemoveCache(service.Parts).StartAsync(Shop, default));
        ManagedDeleteFailedException refused = await Assert.ThrowsAsync<ManagedDeleteFailedException>(
            () => new RemoveCache(service.Parts).RemoveServerAsync(job, new FailureCause("ElastiCache.Any", "it is needed"), default));
        Assert.Contains("it is needed", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_final_backup_of_a_cache_that_a_restore_made_there_is_native()
    {
        MemoryService service = new(TimeProvider.System) { AllowDeleteCaches = true };
        await AddRestoredAsync(service, serverless: false);
        Cache removing = await new RemoveCache(service.Parts).StartAsync(Shop, BackupName.Parse("last"), default);
        BackupJob job = new(removing.Operation!.Execution, BackupName.Parse("last"), Shop, removing.Generation);
        Assert.Equal(BackupMethod.Native, (await new BeginBackup(service.Parts).RunAsync(job, default)).Method);
        await Assert.ThrowsAsync<CatalogConflictException>(() => new RemoveCache(service.Parts).RemoveServerAsync(JobOf(removing), default));
        NativeSnapshotId snapshot = await new RequestNativeSnapshot(service.Parts).RunAsync(job, default);
        Assert.Equal(NativeSnapshotId.Of(job.Backup, job.Generation, serverless: false), snapshot);
    }

    private static ManagedSource SourceOf(ManagedResource resource) => resource.Kind switch
    {
        ManagedResourceKind.ServerlessCache => new ManagedSource { ServerlessCache = resource.Id },
        ManagedResourceKind.ReplicationGroup => new ManagedSource { ReplicationGroup = resource.Id },
        _ => new ManagedSource { CacheCluster = resource.Id },
    };

    /// <summary>A cache that a restore made in ElastiCache.</summary>
    private static async Task<ManagedResource> AddRestoredAsync(
        MemoryService service, bool serverless, string tag = "cache-backup:cache", string value = "shop")
    {
        await service.AddCacheAsync("shop");
        await service.Parts.Catalog.Caches.ChangeAsync(
            Shop,
            cache => cache with
            {
                Restoration = new CacheRestoration
                {
                    Backup = BackupName.Parse("some"),
                    BackupId = new BackupId("some"),
                    Target = serverless
                        ? new RestoreTargetSpec { Serverless = new ServerlessTarget() }
                        : new RestoreTargetSpec { SelfDesigned = new SelfDesignedTarget { NodeType = "cache.t4g.small" } },
                },
            },
            default);
        ManagedResourceKind kind = serverless ? ManagedResourceKind.ServerlessCache : ManagedResourceKind.ReplicationGroup;
        return service.ElastiCache.Add(kind, "shop", () => [SampleRdb.File(keys: 1, valueBytes: 1)], CacheEngine.Redis, new Tag(tag, value));
    }

    private Task<Cache> RegisterAsync(ManagedSource source) =>
        new RegisterCache(_service.Parts).RunAsync(new RegisterCacheRequest(Shop, null) { Managed = source }, default);

    private JsonElement Input(Cache cache) =>
        JsonElement.Parse(_service.Executions.Started.Single(e => e.Id == cache.Operation!.Execution).Input);

    private static CacheJob JobOf(Cache cache) => new(cache.Operation!.Execution, cache.Name, cache.Generation);
}
