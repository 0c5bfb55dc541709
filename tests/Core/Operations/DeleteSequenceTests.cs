using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures.Operations;

namespace CacheBackup.Core.Tests.Operations;

public sealed class DeleteSequenceTests
{
    private static readonly BackupName Name = BackupName.Parse("nightly");
    private readonly MemoryService _service = new(TimeProvider.System);

    [Fact]
    public async Task A_delete_marks_the_record_then_removes_the_objects_then_the_record_and_may_repeat_each()
    {
        Backup backup = await _service.AddBackupAsync("nightly", BackupStatus.Available);
        await _service.Store.PutAsync(CatalogKeys.ShardRecord(backup.Id, 1), new byte[1], WriteCondition.None, default);
        DeleteJob job = JobOf(await new DeleteBackup(_service.Parts).RunAsync(Name, default));
        Assert.Equal(BackupStatus.Deleting, (await GetAsync()).Status);
        RemoveBackup remove = new(_service.Parts);
        Assert.Equal(1, await remove.RemoveObjectsAsync(job, default));
        Assert.Equal(0, await remove.RemoveObjectsAsync(job, default));
        await remove.RemoveRecordAsync(job, default);
        await remove.RemoveRecordAsync(job, default);
        Assert.Null(await _service.Parts.Catalog.Backups.FindAsync(Name, default));
    }

    [Fact]
    public async Task A_backup_in_use_or_in_the_making_is_not_deleted()
    {
        await _service.AddBackupAsync("nightly", BackupStatus.Available);
        await new StartRestore(_service.Parts).RunAsync(
            new StartRestoreRequest(Name, CacheName.Parse("fresh"), new RestoreTargetSpec()), default);
        await Assert.ThrowsAsync<CatalogConflictException>(() => new DeleteBackup(_service.Parts).RunAsync(Name, default));
        Assert.Equal(BackupStatus.Available, (await GetAsync()).Status);
        await _service.AddBackupAsync("young", BackupStatus.Creating);
        await Assert.ThrowsAsync<CatalogConflictException>(() => new DeleteBackup(_service.Parts).RunAsync(BackupName.Parse("young"), default));
    }

    [Fact]
    public async Task A_delete_that_broke_off_is_taken_up_by_another_and_the_first_one_stops()
    {
        await _service.AddBackupAsync("nightly", BackupStatus.Available);
        DeleteJob first = JobOf(await new DeleteBackup(_service.Parts).RunAsync(Name, default));
        await Assert.ThrowsAsync<CatalogConflictException>(() => new DeleteBackup(_service.Parts).RunAsync(Name, default));
        await new RemoveBackup(_service.Parts).AbandonAsync(first, new FailureCause("Cancelled", "by a test"), default);
        Assert.Equal("Cancelled: by a test Delete it again.", (await GetAsync()).StatusReason);
        _service.Executions.End(first.Execution, ExecutionStatus.Aborted);

        DeleteJob second = JobOf(await new DeleteBackup(_service.Parts).RunAsync(Name, default));
        Assert.True(second.Generation > first.Generation);
        await Assert.ThrowsAsync<NoLongerOwnerException>(() => new RemoveBackup(_service.Parts).RemoveRecordAsync(first, default));

        // Who still believes the first one to hold the record leaves it alone, and also where it is gone.
        await new RemoveBackup(_service.Parts).AbandonAsync(first, new FailureCause("Cancelled", "late"), default);
        Assert.Null((await GetAsync()).StatusReason);
        await new RemoveBackup(_service.Parts).RemoveRecordAsync(second, default);
        await new RemoveBackup(_service.Parts).AbandonAsync(second, new FailureCause("Cancelled", "later"), default);
        Assert.Null(await _service.Parts.Catalog.Backups.FindAsync(Name, default));
    }

    private static DeleteJob JobOf(Backup backup) => new(backup.Execution, backup.Name, backup.Generation);

    private Task<Backup> GetAsync() => _service.Parts.Catalog.Backups.GetAsync(Name, default);
}
