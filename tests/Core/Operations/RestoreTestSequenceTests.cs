using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures.Operations;

namespace CacheBackup.Core.Tests.Operations;

public sealed class RestoreTestSequenceTests
{
    private static readonly BackupName Name = BackupName.Parse("nightly");
    private readonly MemoryService _service = new(TimeProvider.System);

    [Fact]
    public async Task A_test_makes_a_cache_of_a_name_of_its_own_and_holds_the_backup()
    {
        RestoreJob job = await StartAsync();
        Assert.StartsWith("proof-", job.Cache.Value, StringComparison.Ordinal);
        Cache cache = await _service.Parts.Catalog.Caches.GetAsync(job.Cache, default);
        Assert.Equal((OperationKind.RestoreTest, job.Execution), (cache.Operation!.Kind, cache.Operation.Execution));
        Assert.Equal("proving", (await BackupAsync()).ShownStatus);
        await Assert.ThrowsAsync<CatalogConflictException>(() => new StartRestoreTest(_service.Parts).RunAsync(Name, default));
        await Assert.ThrowsAsync<CatalogConflictException>(() => new DeleteBackup(_service.Parts).RunAsync(Name, default));
    }

    [Fact]
    public async Task A_passed_test_is_the_backups_proof_and_nothing_of_its_cache_is_left()
    {
        RestoreJob job = await StartAsync();
        await new ProvisionCache(_service.Parts).RunAsync(job, RestoreFill.Restore, default);
        await ReportAsync(job, keys: 5);
        BackupProof proof = await new CompleteRestoreTest(_service.Parts).RunAsync(job, default);
        Assert.Equal(proof, await new CompleteRestoreTest(_service.Parts).RunAsync(job, default));
        Assert.Equal((5L, 0L, CacheEngine.Redis), (proof.Restored, proof.Expired, proof.Engine));
        Backup backup = await BackupAsync();
        Assert.Equal(proof, backup.Proof);
        Assert.Empty(backup.Uses);

        await RemoveAsync(job);
        await IsGoneAsync(job);
        Assert.Equal([EventCode.BackupProven], await CodesAsync());
    }

    [Fact]
    public async Task Nothing_is_proven_without_a_report_of_every_key()
    {
        RestoreJob job = await StartAsync();
        await ReportAsync(job, keys: 4);
        await Assert.ThrowsAsync<RestoreMismatchException>(() => new CompleteRestoreTest(_service.Parts).RunAsync(job, default));
        Assert.Null((await BackupAsync()).Proof);
    }

    [Fact]
    public async Task A_failed_test_notes_the_reason_and_removes_its_cache()
    {
        RestoreJob job = await StartAsync();
        await new ProvisionCache(_service.Parts).RunAsync(job, RestoreFill.Restore, default);
        await ReportAsync(job, keys: 4);
        await AbandonAsync(job);
        await AbandonAsync(job);
        Backup backup = await BackupAsync();
        Assert.Null(backup.Proof);
        Assert.Equal("RestoreMismatchException: differs", backup.ProofFailure!.Reason);
        Assert.Equal(BackupStatus.Available, backup.Status);
        Assert.Empty(backup.Uses);
        await IsGoneAsync(job);
        Assert.Equal([EventCode.BackupProofFailed], await CodesAsync());
    }

    [Fact]
    public async Task A_backup_that_was_proven_stays_so_where_only_the_removal_failed_and_a_later_test_clears_a_failure()
    {
        await AbandonAsync(await StartAsync());
        RestoreJob job = new(await StartAgainAsync(), Name, await CacheOfTestAsync(), 0);
        Cache cache = await _service.Parts.Catalog.Caches.GetAsync(job.Cache, default);
        job = job with { Generation = cache.Generation };
        await new ProvisionCache(_service.Parts).RunAsync(job, RestoreFill.Restore, default);
        await ReportAsync(job, keys: 5);
        await new CompleteRestoreTest(_service.Parts).RunAsync(job, default);
        await AbandonAsync(job);
        Backup backup = await BackupAsync();
        Assert.NotNull(backup.Proof);
        Assert.Null(backup.ProofFailure);
        await IsGoneAsync(job);
    }

    [Fact]
    public async Task What_a_crash_left_of_a_test_is_removed_when_records_are_put_in_order()
    {
        RestoreJob job = await StartAsync();
        await new ProvisionCache(_service.Parts).RunAsync(job, RestoreFill.Restore, default);
        _service.Executions.End(job.Execution, ExecutionStatus.TimedOut, "States.Timeout", "too long");
        Assert.Equal(1, await new RecoverOperations(_service.Parts).RunAsync(_ => { }, default));
        await IsGoneAsync(job);
        Assert.Equal("States.Timeout: too long", (await BackupAsync()).ProofFailure!.Reason);
        Assert.Equal(0, await new RecoverOperations(_service.Parts).RunAsync(_ => { }, default));
    }

    [Fact]
    public async Task A_test_that_cannot_start_leaves_nothing()
    {
        await BackUpAsync();
        _service.Executions.StartFailure = new StoreUnavailableException("planned");
        await Assert.ThrowsAsync<StoreUnavailableException>(() => new StartRestoreTest(_service.Parts).RunAsync(Name, default));
        Assert.Empty((await BackupAsync()).Uses);
        Assert.Equal(1, await _service.Parts.Catalog.Caches.ListAsync(CatalogKeys.Caches, null, _ => { }, default).CountAsync());
    }

    private async Task BackUpAsync()
    {
        await _service.AddCacheAsync("source");
        Backup backup = await new StartBackup(_service.Parts).RunAsync(
            new StartBackupRequest(Name, CacheName.Parse("source"), BackupKind.Manual), default);
        BackupJob job = new(backup.Execution, backup.Name, backup.Cache, backup.Generation);
        await new SnapshotShard(_service.Parts).RunAsync(job, 1, default);
        await new CompleteBackup(_service.Parts).RunAsync(job, default);
    }

    private async Task<RestoreJob> StartAsync()
    {
        await BackUpAsync();
        ExecutionId execution = await StartAgainAsync();
        CacheName name = await CacheOfTestAsync();
        return new RestoreJob(execution, Name, name, (await _service.Parts.Catalog.Caches.GetAsync(name, default)).Generation);
    }

    private async Task<ExecutionId> StartAgainAsync() =>
        Assert.Single((await new StartRestoreTest(_service.Parts).RunAsync(Name, default)).Uses).Execution;

    private async Task<CacheName> CacheOfTestAsync() => (await _service.Parts.Catalog.Caches
        .ListAsync(CatalogKeys.Caches, null, _ => { }, default)
        .SingleAsync(cache => cache.Operation?.Kind == OperationKind.RestoreTest)).Name;

    private Task AbandonAsync(RestoreJob job) =>
        new AbandonRestoreTest(_service.Parts).RunAsync(job, new FailureCause("RestoreMismatchException", "differs"), default);

    private async Task RemoveAsync(RestoreJob job)
    {
        CacheJob removal = new(job.Execution, job.Cache, job.Generation);
        await new RemoveCache(_service.Parts).RemoveServerAsync(removal, default);
        await new RemoveCache(_service.Parts).RemoveRecordAsync(removal, default);
    }

    private async Task IsGoneAsync(RestoreJob job)
    {
        Assert.Null(await _service.Parts.Catalog.Caches.FindAsync(job.Cache, default));
        Assert.Contains(job.Cache, _service.Provisioner.Removed);
        Assert.Equal(0, await _service.Store.ListAsync(CatalogKeys.Restores(job.Cache), null, default).CountAsync());
    }

    private Task ReportAsync(RestoreJob job, long keys) => LaneRecords.ReportAsync(_service.Store, job, keys);

    private async Task<EventCode[]> CodesAsync() => await _service.Parts.Events
        .ListAsync(CatalogKeys.BackupEvents(Name), null, default)
        .Select(told => told.Code)
        .Where(code => code is EventCode.BackupProven or EventCode.BackupProofFailed)
        .ToArrayAsync();

    private Task<Backup> BackupAsync() => _service.Parts.Catalog.Backups.GetAsync(Name, default);
}
