using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures.Operations;

namespace CacheBackup.Core.Tests.Operations;

public sealed class RestoreSequenceTests
{
    private static readonly BackupName Name = BackupName.Parse("nightly");
    private static readonly CacheName Fresh = CacheName.Parse("fresh");
    private readonly MemoryService _service = new(TimeProvider.System);

    [Fact]
    public async Task A_start_makes_the_record_of_a_new_cache_and_notes_the_use()
    {
        RestoreJob job = await StartAsync();
        Cache cache = await CacheAsync();
        Assert.Equal(CacheStatus.Creating, cache.Status);
        Assert.Equal(Name, cache.Restoration!.Backup);
        Assert.Equal(job.Execution, Assert.Single((await BackupAsync()).Uses).Execution);
        Assert.Equal(job.Execution, Assert.Single(_service.Executions.Started).Id);
    }

    [Fact]
    public async Task A_cache_that_exists_is_never_restored_into()
    {
        await BackUpAsync();
        await Assert.ThrowsAsync<CatalogConflictException>(() => StartAsync("source"));
        Assert.Empty((await BackupAsync()).Uses);
    }

    [Fact]
    public async Task A_start_that_fails_lets_the_backup_go()
    {
        await BackUpAsync();
        _service.Executions.StartFailure = new StoreUnavailableException("planned");
        await Assert.ThrowsAsync<StoreUnavailableException>(() => StartAsync("fresh"));
        Assert.Empty((await BackupAsync()).Uses);
        Assert.Equal(CacheStatus.CreateFailed, (await CacheAsync()).Status);
    }

    [Fact]
    public async Task Check_plans_ranges_and_provisioning_twice_makes_one_cache()
    {
        RestoreJob job = await StartAsync();
        RestoreWorkPlan plan = await new CheckRestore(_service.Parts).RunAsync(job, default);
        Assert.Equal([0], plan.Lanes);
        await new ProvisionCache(_service.Parts).RunAsync(job, plan.Fill, default);
        await new ProvisionCache(_service.Parts).RunAsync(job, plan.Fill, default);
        Assert.Single(_service.Provisioner.Made);
        Assert.Single((await CacheAsync()).Shards);
    }

    [Fact]
    public async Task Nothing_is_written_into_a_target_that_was_not_claimed()
    {
        RestoreJob job = await StartAsync();
        await new CheckRestore(_service.Parts).RunAsync(job, default);
        await new ProvisionCache(_service.Parts).RunAsync(job, RestoreFill.Restore, default);
        await Assert.ThrowsAsync<NoLongerOwnerException>(
            () => new RestoreLane(_service.Parts).RunAsync(job, 0, default, default));
    }

    [Fact]
    public async Task Complete_needs_a_report_of_every_range_and_every_key()
    {
        RestoreJob job = await StartAsync();
        await LaneRecords.PlanAsync(_service.Store, job);
        await Assert.ThrowsAsync<RestoreMismatchException>(() => new CompleteRestore(_service.Parts).RunAsync(job, null, default));
        await ReportAsync(job, keys: 4);
        await Assert.ThrowsAsync<RestoreMismatchException>(() => new CompleteRestore(_service.Parts).RunAsync(job, null, default));
        Assert.Equal(CacheStatus.Creating, (await CacheAsync()).Status);
    }

    [Fact]
    public async Task Complete_taken_twice_ends_as_taken_once_and_abandon_after_it_changes_nothing()
    {
        RestoreJob job = await StartAsync();
        await ReportAsync(job, keys: 5);
        RestoreOutcome once = await new CompleteRestore(_service.Parts).RunAsync(job, null, default);
        RestoreOutcome twice = await new CompleteRestore(_service.Parts).RunAsync(job, null, default);
        Assert.Equal(once, twice);
        Assert.Equal((5L, 5L, 0L), (once.Total, once.Restored, once.Expired));
        await AbandonAsync(job);
        Assert.Equal(CacheStatus.Available, (await CacheAsync()).Status);
        Assert.Empty((await BackupAsync()).Uses);
    }

    [Fact]
    public async Task After_abandon_no_step_goes_on_and_the_backup_is_free()
    {
        RestoreJob job = await StartAsync();
        await new ProvisionCache(_service.Parts).RunAsync(job, RestoreFill.Restore, default);
        await AbandonAsync(job);
        await AbandonAsync(job);
        Cache failed = await CacheAsync();
        Assert.Equal(CacheStatus.RestoreFailed, failed.Status);
        Assert.Empty((await BackupAsync()).Uses);
        await Assert.ThrowsAsync<NoLongerOwnerException>(() => new CheckRestore(_service.Parts).RunAsync(job, default));
        await Assert.ThrowsAsync<NoLongerOwnerException>(() => new ProvisionCache(_service.Parts).RunAsync(job, RestoreFill.Restore, default));
        await Assert.ThrowsAsync<NoLongerOwnerException>(() => new ClaimTarget(_service.Parts).RunAsync(job, default));
        await Assert.ThrowsAsync<NoLongerOwnerException>(() => new CompleteRestore(_service.Parts).RunAsync(job, null, default));
        Assert.Equal(failed.Revision, (await CacheAsync()).Revision);
    }

    [Fact]
    public async Task Endpoint_is_claimed_by_the_check_and_held_against_others_until_its_execution_is_over()
    {
        await BackUpAsync();
        RestoreJob first = await StartAsync("first", Endpoint);
        RestoreJob second = await StartAsync("second", Endpoint);
        await new CheckRestore(_service.Parts).RunAsync(first, default);
        await new CheckRestore(_service.Parts).RunAsync(first, default);
        await Assert.ThrowsAsync<TargetNotEmptyException>(() => new CheckRestore(_service.Parts).RunAsync(second, default));
        _service.Executions.Forget(first.Execution);
        await new CheckRestore(_service.Parts).RunAsync(second, default);
    }

    [Fact]
    public async Task Endpoint_whose_claim_is_gone_or_anothers_is_not_looked_at_and_nobody_is_asked_after()
    {
        await BackUpAsync();
        RestoreJob job = await StartAsync("first", Endpoint);
        await new CheckRestore(_service.Parts).RunAsync(job, default);
        await new ProvisionCache(_service.Parts).RunAsync(job, RestoreFill.Restore, default);
        ObjectKey claim = CatalogKeys.EndpointClaim(Endpoint.Endpoint!.Endpoint);
        ServiceParts network = _service.Parts with { Executions = null! };
        await _service.Store.PutAsync(claim, "another"u8.ToArray(), WriteCondition.None, default);
        await Assert.ThrowsAsync<TargetNotEmptyException>(() => new ClaimTarget(network).RunAsync(job, default));
        await _service.Store.DeleteAsync(claim, default);
        await Assert.ThrowsAsync<CatalogConflictException>(() => new ClaimTarget(network).RunAsync(job, default));
    }

    private static RestoreTargetSpec Endpoint => new() { Endpoint = new CacheAddress { Endpoint = new CacheEndpoint("filled.test", 6379) } };

    private async Task BackUpAsync()
    {
        await _service.AddCacheAsync("source");
        Backup backup = await new StartBackup(_service.Parts).RunAsync(
            new StartBackupRequest(Name, CacheName.Parse("source"), BackupKind.Manual), default);
        BackupJob job = new(backup.Execution, backup.Name, backup.Cache, backup.Generation);
        await new SnapshotShard(_service.Parts).RunAsync(job, 1, default);
        await new CompleteBackup(_service.Parts).RunAsync(job, default);
        _service.Executions.Forget(backup.Execution);
    }

    private async Task<RestoreJob> StartAsync()
    {
        await BackUpAsync();
        return await StartAsync("fresh");
    }

    private async Task<RestoreJob> StartAsync(string name, RestoreTargetSpec? target = null)
    {
        Cache cache = await new StartRestore(_service.Parts).RunAsync(
            new StartRestoreRequest(Name, CacheName.Parse(name), target ?? new RestoreTargetSpec()), default);
        return new RestoreJob(cache.Operation!.Execution, Name, cache.Name, cache.Generation);
    }

    private Task AbandonAsync(RestoreJob job) =>
        new AbandonRestore(_service.Parts).RunAsync(job, new FailureCause("Cancelled", "by a test"), default);

    private Task ReportAsync(RestoreJob job, long keys) => LaneRecords.ReportAsync(_service.Store, job, keys);

    private Task<Cache> CacheAsync() => _service.Parts.Catalog.Caches.GetAsync(Fresh, default);

    private Task<Backup> BackupAsync() => _service.Parts.Catalog.Backups.GetAsync(Name, default);
}
