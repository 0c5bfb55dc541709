using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures.Operations;

namespace CacheBackup.Core.Tests.Operations;

/// <summary>A final backup is taken, published and read back, and only then does anything of the cache go.</summary>
public sealed class FinalBackupTests
{
    private static readonly CacheName Shop = CacheName.Parse("shop");
    private static readonly BackupName Last = BackupName.Parse("last");
    private readonly MemoryService _service = new(TimeProvider.System);

    [Fact]
    public async Task Every_step_taken_twice_removes_the_cache_after_its_backup_is_proven()
    {
        BackupJob job = await StartAsync();
        Assert.Equal(CacheStatus.Snapshotting, (await CacheAsync()).Status);
        CatalogConflictException busy = await Assert.ThrowsAsync<CatalogConflictException>(() => new StartBackup(_service.Parts).RunAsync(
            new StartBackupRequest(BackupName.Parse("other"), Shop, BackupKind.Manual), default));
        Assert.Contains("held by a delete of backup last", busy.Message, StringComparison.Ordinal);

        foreach (Func<Task> step in new Func<Task>[]
        {
            () => new BeginBackup(_service.Parts).RunAsync(job, default),
            () => new SnapshotShard(_service.Parts).RunAsync(job, 1, default),
            () => new CompleteBackup(_service.Parts).RunAsync(job, default),
        })
        {
            await step();
            await step();
            Assert.Equal(CacheStatus.Snapshotting, (await CacheAsync()).Status);
        }

        RemoveCache remove = new(_service.Parts);
        await Assert.ThrowsAsync<CatalogConflictException>(() => remove.RemoveServerAsync(OfCache(job), default));
        foreach (int _ in new[] { 1, 2 })
        {
            await new VerifyFinalBackup(_service.Parts).RunAsync(job, 1, default);
        }

        await remove.BeginAsync(job, default);
        await remove.BeginAsync(job, default);
        Assert.Equal(CacheStatus.Deleting, (await CacheAsync()).Status);
        await remove.RemoveServerAsync(OfCache(job), default);
        await remove.RemoveRecordAsync(OfCache(job), default);
        await remove.RemoveRecordAsync(OfCache(job), default);
        Assert.Null(await _service.Parts.Catalog.Caches.FindAsync(Shop, default));
        Backup backup = await BackupAsync();
        Assert.Equal((BackupKind.Final, BackupStatus.Available, 5L), (backup.Kind, backup.Status, backup.Shards[0].Keys));
    }

    [Fact]
    public async Task Where_the_backup_fails_the_cache_is_available_again_and_says_why()
    {
        BackupJob job = await StartAsync();
        await new RemoveCache(_service.Parts).AbandonAsync(OfCache(job), new FailureCause("CacheUnreachableException", "away"), default);
        await AssertStaysAsync("CacheUnreachableException: away");
        Assert.Equal(BackupStatus.Failed, (await BackupAsync()).Status);
        foreach (Func<Task> step in new Func<Task>[]
        {
            () => new BeginBackup(_service.Parts).RunAsync(job, default),
            () => new SnapshotShard(_service.Parts).RunAsync(job, 1, default),
            () => new CompleteBackup(_service.Parts).RunAsync(job, default),
            () => new VerifyFinalBackup(_service.Parts).RunAsync(job, 1, default),
            () => new RemoveCache(_service.Parts).RemoveRecordAsync(OfCache(job), default),
        })
        {
            await Assert.ThrowsAsync<NoLongerOwnerException>(step);
        }

        // The name of a failed backup may be used again.
        await new RemoveCache(_service.Parts).StartAsync(Shop, Last, default);
    }

    [Fact]
    public async Task Where_the_stored_bytes_are_others_the_backup_is_damaged_and_the_cache_stays()
    {
        BackupJob job = await StartAsync();
        await new SnapshotShard(_service.Parts).RunAsync(job, 1, default);
        Backup backup = await new CompleteBackup(_service.Parts).RunAsync(job, default);
        byte[] other = [.. _service.Caches.Data];
        other[^20] ^= 1;
        await _service.Store.PutAsync(backup.Shards[0].DataKey, other, WriteCondition.None, default);
        BackupDamagedException damaged = await Assert.ThrowsAsync<BackupDamagedException>(
            () => new VerifyFinalBackup(_service.Parts).RunAsync(job, 1, default));
        await Assert.ThrowsAsync<CatalogConflictException>(() => new RemoveCache(_service.Parts).BeginAsync(job, default));
        await new RemoveCache(_service.Parts).AbandonAsync(OfCache(job), new FailureCause(nameof(BackupDamagedException), damaged.Message), default);
        await AssertStaysAsync("read back and is damaged");
        Assert.Equal(BackupStatus.Damaged, (await BackupAsync()).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_gone_execution_left_before_the_proof_is_given_back_available(bool published)
    {
        BackupJob job = await StartAsync();
        if (published)
        {
            await new SnapshotShard(_service.Parts).RunAsync(job, 1, default);
            await new CompleteBackup(_service.Parts).RunAsync(job, default);
        }

        _service.Executions.End(job.Execution, ExecutionStatus.TimedOut, "States.Timeout", "too long");
        await new RecoverOperations(_service.Parts).RunAsync(_ => { }, default);
        await AssertStaysAsync("States.Timeout: too long");
        Assert.Equal(published ? BackupStatus.Available : BackupStatus.Failed, (await BackupAsync()).Status);
    }

    [Fact]
    public async Task What_a_gone_execution_left_after_the_proof_is_to_be_removed_again()
    {
        BackupJob job = await StartAsync();
        await new SnapshotShard(_service.Parts).RunAsync(job, 1, default);
        await new CompleteBackup(_service.Parts).RunAsync(job, default);
        await new RemoveCache(_service.Parts).BeginAsync(job, default);
        _service.Executions.End(job.Execution, ExecutionStatus.Aborted, "Cancelled", "by a test");
        await new RecoverOperations(_service.Parts).RunAsync(_ => { }, default);
        Cache cache = await CacheAsync();
        Assert.Equal((CacheStatus.Deleting, "Cancelled: by a test Remove it again."), (cache.Status, cache.StatusReason));
        Assert.Equal(BackupStatus.Available, (await BackupAsync()).Status);
        await new RemoveCache(_service.Parts).StartAsync(Shop, finalBackup: null, default);
    }

    [Fact]
    public async Task A_start_that_fails_leaves_the_cache_available_and_a_taken_name_is_refused_first()
    {
        await _service.AddCacheAsync("shop");
        await _service.AddBackupAsync("taken", BackupStatus.Available);
        await Assert.ThrowsAsync<CatalogConflictException>(
            () => new RemoveCache(_service.Parts).StartAsync(Shop, BackupName.Parse("taken"), default));
        _service.Executions.StartFailure = new StoreUnavailableException("no room");
        await Assert.ThrowsAsync<StoreUnavailableException>(() => new RemoveCache(_service.Parts).StartAsync(Shop, Last, default));
        await AssertStaysAsync("no room");
    }

    [Fact]
    public async Task A_cache_that_is_not_available_has_no_final_backup()
    {
        await _service.AddCacheAsync("shop", CacheStatus.RestoreFailed);
        await Assert.ThrowsAsync<CatalogConflictException>(() => new RemoveCache(_service.Parts).StartAsync(Shop, Last, default));
        Assert.Equal(CacheStatus.Deleting, (await new RemoveCache(_service.Parts).StartAsync(Shop, null, default)).Status);
    }

    private async Task AssertStaysAsync(string reason)
    {
        Cache cache = await CacheAsync();
        Assert.Equal(CacheStatus.Available, cache.Status);
        Assert.Null(cache.Operation);
        Assert.Contains("It was not removed", cache.StatusReason, StringComparison.Ordinal);
        Assert.Contains(reason, cache.StatusReason, StringComparison.Ordinal);
        Assert.Empty(_service.Provisioner.Removed);
    }

    private async Task<BackupJob> StartAsync()
    {
        await _service.AddCacheAsync("shop");
        await new RemoveCache(_service.Parts).StartAsync(Shop, Last, default);
        Backup backup = await BackupAsync();
        return new BackupJob(backup.Execution, backup.Name, backup.Cache, backup.Generation);
    }

    private static CacheJob OfCache(BackupJob job) => new(job.Execution, job.Cache, job.Generation);

    private Task<Cache> CacheAsync() => _service.Parts.Catalog.Caches.GetAsync(Shop, default);

    private Task<Backup> BackupAsync() => _service.Parts.Catalog.Backups.GetAsync(Last, default);
}
