using CacheBackup.Core.Buckets;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures.Operations;
using CacheBackup.Fixtures.Storage;
using Microsoft.Extensions.Time.Testing;

namespace CacheBackup.Core.Tests.Operations;

/// <summary>A restore into a cache that ElastiCache makes, step by step.</summary>
public sealed class ManagedRestoreTests
{
    private static readonly CacheName Fresh = CacheName.Parse("fresh");
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2028, 2, 29, 12, 0, 0, TimeSpan.Zero));
    private readonly MemoryManagedCaches _elastiCache = new();
    private readonly MemoryService _service;
    private readonly MemoryObjectStore _exchange;
    private readonly ServiceParts _parts;
    private Backup _backup = null!;
    private RestoreJob _job = null!;

    public ManagedRestoreTests()
    {
        _service = new MemoryService(_time);
        _exchange = new MemoryObjectStore(_time);
        _parts = _service.Parts with { ManagedCaches = _elastiCache, Exchange = _exchange };
    }

    private ObjectKey Staged => CatalogKeys.StagedFile(Fresh, _job.Generation, 1);

    [Fact]
    public async Task On_one_machine_the_check_refuses_before_anything_is_staged()
    {
        await StartAsync();
        await Assert.ThrowsAsync<TargetNotAvailableHereException>(
            () => new CheckRestore(_parts with { ManagedCaches = new NoManagedCaches(), Exchange = null }).RunAsync(_job, default));
        RestoreWorkPlan plan = await new CheckRestore(_parts).RunAsync(_job, default);
        Assert.Equal((RestoreFill.Load, RestoreTargetKind.SelfDesigned), (plan.Fill, plan.Target));
        Assert.Equal([1], plan.Staged);
    }

    [Fact]
    public async Task A_staged_file_is_the_recorded_one_and_staging_again_mends_what_is_not()
    {
        await StartAsync();
        await StageAsync();
        Assert.Equal(_service.Caches.Data, await BytesAsync());
        await StageAsync();
        await _exchange.PutAsync(Staged, new byte[_service.Caches.Data.Length], WriteCondition.None, default);
        await StageAsync();
        Assert.Equal(_service.Caches.Data, await BytesAsync());
        Assert.DoesNotContain(',', Staged.Value);
    }

    [Fact]
    public async Task A_damaged_file_is_not_given_to_ElastiCache()
    {
        await StartAsync();
        await _service.Store.PutAsync(_backup.Shards[0].DataKey, new byte[_backup.Shards[0].SizeBytes], WriteCondition.None, default);
        await Assert.ThrowsAsync<BackupDamagedException>(StageAsync);
        Assert.Null(await _exchange.HeadAsync(Staged, default));
    }

    [Fact]
    public async Task A_part_is_staged_as_a_file_of_its_own()
    {
        await StartAsync(new EntrySelection { Match = "key:1" });
        await StageAsync();
        await StageAsync();
        Assert.InRange((await _exchange.HeadAsync(Staged, default))!.LengthBytes, 1, _backup.Shards[0].SizeBytes - 1);
    }

    [Fact]
    public async Task A_cache_is_asked_for_once_and_one_that_is_not_ours_is_left_alone()
    {
        await StartAsync();
        await new RequestManagedCache(_parts).RunAsync(_job, default);
        await new RequestManagedCache(_parts).RunAsync(_job, default);
        ManagedCacheRequest request = Assert.Single(_elastiCache.Requests);
        Assert.Equal([Staged], request.Files);
        Assert.Equal(_job.Execution, request.Execution);

        _elastiCache.Owner = new ExecutionId("somebody:else");
        await Assert.ThrowsAsync<CatalogConflictException>(() => new RequestManagedCache(_parts).RunAsync(_job, default));
        _elastiCache.TellsOwner = false;
        await new RequestManagedCache(_parts).RunAsync(_job, default);
    }

    [Theory]
    [InlineData("creating", 0, false)]
    [InlineData("modifying", 60, false)]
    [InlineData("snapshotting", 600, false)]
    [InlineData("never heard of", 1_000, false)]
    [InlineData("available", 0, true)]
    public async Task States_that_pass_are_waited_for_ever_longer(string status, int minutes, bool isReady)
    {
        await StartAsync();
        _elastiCache.Described = Describe(status);
        _time.Advance(TimeSpan.FromMinutes(minutes));
        ManagedCacheWait wait = await new CheckManagedCache(_parts).RunAsync(_job, default);
        Assert.Equal((isReady, TimeSpan.FromMinutes(Math.Clamp(minutes / 10, 1, 30))), (wait.IsReady, wait.Wait));
    }

    [Fact]
    public async Task Waiting_ends_after_a_day()
    {
        await StartAsync();
        _elastiCache.Described = Describe("never heard of");
        _time.Advance(TimeSpan.FromHours(24));
        ManagedCacheCreateFailedException end = await Assert.ThrowsAsync<ManagedCacheCreateFailedException>(() => new CheckManagedCache(_parts).RunAsync(_job, default));
        Assert.Contains("never heard of", end.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("create-failed")]
    [InlineData("deleting")]
    [InlineData("deleted")]
    [InlineData("incompatible-network")]
    public async Task States_that_do_not_pass_are_told_with_ElastiCaches_cause(string status)
    {
        await StartAsync();
        _elastiCache.Described = Describe(status);
        _elastiCache.Cause = "Insufficient capacity.";
        ManagedCacheCreateFailedException failed = await Assert.ThrowsAsync<ManagedCacheCreateFailedException>(() => new CheckManagedCache(_parts).RunAsync(_job, default));
        Assert.Contains("Insufficient capacity.", failed.Message, StringComparison.Ordinal);
        Assert.Contains(status, failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_could_not_be_filled_is_a_failed_restore_though_its_cluster_is_available()
    {
        await StartAsync();
        _elastiCache.Owner = _job.Execution;
        _elastiCache.Described = Describe("available") with { NodeStatuses = ["available", "restore-failed"] };
        _elastiCache.Cause = "Restore from s3 failed for node 0001.";
        ManagedCacheRestoreFailedException failed = await Assert.ThrowsAsync<ManagedCacheRestoreFailedException>(() => new AdoptManagedCache(_parts).RunAsync(_job, default));
        await new AbandonRestore(_parts).RunAsync(_job, new FailureCause(nameof(ManagedCacheRestoreFailedException), failed.Message), default);
        Cache cache = await _parts.Catalog.Caches.GetAsync(Fresh, default);
        Assert.Equal(CacheStatus.RestoreFailed, cache.Status);
        Assert.Contains("Restore from s3 failed for node 0001.", cache.StatusReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cache_that_is_not_there_is_waited_for_half_an_hour()
    {
        await StartAsync();
        Assert.False((await new CheckManagedCache(_parts).RunAsync(_job, default)).IsReady);
        _time.Advance(TimeSpan.FromMinutes(31));
        await Assert.ThrowsAsync<ManagedCacheCreateFailedException>(() => new CheckManagedCache(_parts).RunAsync(_job, default));
    }

    [Fact]
    public async Task An_available_cache_is_adopted_if_it_is_ours()
    {
        await StartAsync();
        _elastiCache.Described = Describe("available");
        _elastiCache.Owner = new ExecutionId("somebody:else");
        await Assert.ThrowsAsync<CatalogConflictException>(() => new AdoptManagedCache(_parts).RunAsync(_job, default));
        Assert.Empty((await _parts.Catalog.Caches.GetAsync(Fresh, default)).Shards);

        _elastiCache.TellsOwner = false;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => new AdoptManagedCache(_parts).RunAsync(_job, default));
        Assert.Empty((await _parts.Catalog.Caches.GetAsync(Fresh, default)).Shards);

        (_elastiCache.TellsOwner, _elastiCache.Owner) = (true, _job.Execution);
        await new AdoptManagedCache(_parts).RunAsync(_job, default);
        Cache cache = await _parts.Catalog.Caches.GetAsync(Fresh, default);
        Assert.Equal((CacheTopology.ClusterEnabled, new CacheVersion(7, 1, 0), "made.test"), (cache.Topology, cache.EngineVersion, cache.Shards[0].Address.Endpoint.Host));
        await new CheckRestore(_parts).RunAsync(_job, default);
        await Assert.ThrowsAsync<CacheNotComparableException>(() => new CompareLane(_parts).RunAsync(_job, 0, default, default));
    }

    [Fact]
    public async Task What_was_loaded_and_not_compared_is_available_and_claims_nothing()
    {
        await StartAsync();
        FailureCause why = new("CacheUnreachableException", """{"errorMessage":"no route"}""");
        RestoreOutcome outcome = await new CompleteRestore(_parts).RunAsync(_job, why, default);
        Assert.Equal(outcome, await new CompleteRestore(_parts).RunAsync(_job, why, default));
        Assert.Equal((5L, 0L, 0L, "CacheUnreachableException: no route"), (outcome.Total, outcome.Restored, outcome.Compared, outcome.NotCompared));
        Cache cache = await _parts.Catalog.Caches.GetAsync(Fresh, default);
        Assert.Equal(CacheStatus.Available, cache.Status);
        Assert.Contains("not compared", cache.StatusReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_what_ElastiCache_has_loaded_may_stay_uncompared()
    {
        await StartAsync();
        await _parts.Catalog.Caches.ChangeAsync(Fresh, c => c with { Restoration = c.Restoration! with { Target = new RestoreTargetSpec() } }, default);
        await Assert.ThrowsAsync<CatalogConflictException>(
            () => new CompleteRestore(_parts).RunAsync(_job, new FailureCause("CacheUnreachableException", null), default));
        Assert.Equal(CacheStatus.Creating, (await _parts.Catalog.Caches.GetAsync(Fresh, default)).Status);
    }

    [Fact]
    public async Task Staged_files_of_this_restore_go_and_no_others()
    {
        await StartAsync();
        await StageAsync();
        ObjectKey other = CatalogKeys.StagedFile(Fresh, _job.Generation + 1, 1);
        await _exchange.PutAsync(other, new byte[1], WriteCondition.None, default);
        Assert.Equal(1, await new RemoveStagedFiles(_parts).RunAsync(_job, default));
        Assert.Equal(0, await new RemoveStagedFiles(_parts).RunAsync(_job, default));
        Assert.NotNull(await _exchange.HeadAsync(other, default));
    }

    [Theory]
    [InlineData(ExecutionStatus.Aborted)]
    [InlineData(ExecutionStatus.TimedOut)]
    public async Task Staged_files_of_a_restore_that_was_ended_from_outside_go_when_it_is_given_up(ExecutionStatus status)
    {
        await StartAsync();
        await StageAsync();
        _service.Executions.End(_job.Execution, status);
        ExecutionDescription ended = (await _parts.Executions.DescribeAsync(_job.Execution, default))!;
        await new RecoverOperations(_parts).AbandonAsync(ended, default);
        Assert.Null(await _exchange.HeadAsync(Staged, default));
        Assert.Equal(CacheStatus.CreateFailed, (await _parts.Catalog.Caches.GetAsync(Fresh, default)).Status);
    }

    [Fact]
    public async Task The_sweep_removes_staged_files()
    {
        await StartAsync();
        await StageAsync();
        _service.Executions.End(_job.Execution, ExecutionStatus.Aborted);
        Assert.Equal(1, await new RecoverOperations(_parts).RunAsync(_ => { }, default));
        Assert.Null(await _exchange.HeadAsync(Staged, default));
    }

    [Fact]
    public async Task Staged_files_that_cannot_be_removed_do_not_hold_the_cache()
    {
        await StartAsync();
        await StageAsync();
        _service.Executions.End(_job.Execution, ExecutionStatus.Aborted);
        FaultyObjectStore refusing = new(_exchange, [new StoreFault(StoreOperation.Delete, 1, StoreFaultKind.Unavailable)]);
        Assert.Equal(1, await new RecoverOperations(_parts with { Exchange = refusing }).RunAsync(_ => { }, default));
        Assert.Equal(1, refusing.Calls(StoreOperation.Delete));
        Assert.NotNull(await _exchange.HeadAsync(Staged, default));
        Assert.Equal(CacheStatus.CreateFailed, (await _parts.Catalog.Caches.GetAsync(Fresh, default)).Status);
    }

    [Fact]
    public async Task What_a_restore_made_is_deleted_with_its_cache_by_the_tags_that_the_restore_gave_it()
    {
        await StartAsync();
        await new RequestManagedCache(_parts).RunAsync(_job, default);
        ManagedCacheRequest request = Assert.Single(_elastiCache.Requests);
        _elastiCache.Described = Describe("available");
        await new AdoptManagedCache(_parts).RunAsync(_job, default);
        await new CompleteRestore(_parts).RunAsync(_job, new FailureCause("CacheUnreachableException", null), default);

        _service.ElastiCache.Add(ManagedResourceKind.ReplicationGroup, Fresh.Value, () => [[]], CacheEngine.Valkey, [.. request.Tags]);
        RemoveCache remove = new(_parts with { AllowDeleteCaches = true });
        Cache removing = await remove.StartAsync(Fresh, default);
        CacheJob job = new(removing.Operation!.Execution, Fresh, removing.Generation);
        Assert.Equal(new ServerRemoval(ServerRemovalStep.DeleteReplicationGroup, Fresh.Value), await remove.RemoveServerAsync(job, default));
    }

    [Fact]
    public void Our_tags_come_first_and_no_tag_of_a_user_stands_for_one()
    {
        Tag[] users = [new Tag(ManagedTags.Cache, "another"), .. Enumerable.Range(0, TagRules.MaxTags).Select(n => new Tag($"t{n}", "v"))];
        IReadOnlyList<Tag> tags = ManagedTags.OfCache(new ExecutionId("e"), Fresh, users);
        Assert.Equal([new Tag(ManagedTags.Execution, "e"), new Tag(ManagedTags.Cache, "fresh"), new Tag("t0", "v")], tags.Take(3));
        Assert.Equal(TagRules.MaxTags, tags.Count);
    }

    [Fact]
    public async Task Nothing_is_staged_or_asked_for_by_a_restore_that_was_given_up()
    {
        await StartAsync();
        await new AbandonRestore(_parts).RunAsync(_job, new FailureCause("Cancelled", "by a test"), default);
        await Assert.ThrowsAsync<NoLongerOwnerException>(StageAsync);
        await Assert.ThrowsAsync<NoLongerOwnerException>(() => new RequestManagedCache(_parts).RunAsync(_job, default));
        await Assert.ThrowsAsync<NoLongerOwnerException>(() => new AdoptManagedCache(_parts).RunAsync(_job, default));
        Assert.Empty(_elastiCache.Requests);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(90)]
    [InlineData(500)]
    public void Slots_are_dealt_without_gap_or_overlap(int shards)
    {
        int next = 0;
        foreach (string[] range in SlotRanges.Of(shards).Select(slots => slots.Split('-')))
        {
            Assert.Equal(next, int.Parse(range[0], System.Globalization.CultureInfo.InvariantCulture));
            next = int.Parse(range[1], System.Globalization.CultureInfo.InvariantCulture) + 1;
        }

        Assert.Equal((KeySlot.Count, shards), (next, SlotRanges.Of(shards).Count));
    }

    private static ManagedCacheDescription Describe(string status) => new()
    {
        Status = status,
        Topology = CacheTopology.ClusterEnabled,
        Version = new CacheVersion(7, 1, 0),
        Shards = [new CacheShard(1, new CacheAddress { Endpoint = new CacheEndpoint("made.test", 6379), Tls = new CacheTls() })],
    };

    [Fact]
    public async Task Key_that_the_configuration_does_not_list_is_refused_before_anything_is_reserved()
    {
        const string key = "arn:aws:kms:eu-west-1:123456789012:key/caches";
        Backup backup = await _service.TakeBackupAsync("nightly");
        StartRestoreRequest request = new(backup.Name, Fresh, new() { Serverless = new ServerlessTarget { KmsKey = key } });
        TargetNotConfiguredException refused = await Assert.ThrowsAsync<TargetNotConfiguredException>(
            () => new StartRestore(_parts).RunAsync(request, default));
        Assert.Contains(key, refused.Message, StringComparison.Ordinal);
        Assert.Null(await _parts.Catalog.Caches.FindAsync(Fresh, default));

        ServiceParts allowing = _parts with { Configured = _parts.Configured with { CacheKeys = [key] } };
        Assert.Equal(Fresh, (await new StartRestore(allowing).RunAsync(request, default)).Name);
    }

    private async Task StartAsync(EntrySelection? selection = null)
    {
        _backup = await _service.TakeBackupAsync("nightly");
        RestoreTargetSpec target = new() { SelfDesigned = new SelfDesignedTarget { NodeType = "cache.r7g.large", Shards = 2 } };
        Cache cache = await new StartRestore(_parts).RunAsync(
            new StartRestoreRequest(_backup.Name, Fresh, target) { Selection = selection }, default);
        _job = new RestoreJob(cache.Operation!.Execution, _backup.Name, cache.Name, cache.Generation);
    }

    private Task StageAsync() => new StageFile(_parts).RunAsync(_job, 1, default);

    private async Task<byte[]> BytesAsync()
    {
        await using ObjectContent content = await _exchange.GetAsync(Staged, null, default);
        byte[] bytes = new byte[content.LengthBytes];
        await content.Stream.ReadExactlyAsync(bytes);
        return bytes;
    }
}
