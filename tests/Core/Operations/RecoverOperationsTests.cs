using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures.Operations;

namespace CacheBackup.Core.Tests.Operations;

public sealed class RecoverOperationsTests
{
    private static readonly BackupName Name = BackupName.Parse("nightly");
    private readonly MemoryService _service = new(TimeProvider.System);

    [Fact]
    public async Task What_a_running_execution_holds_is_left_alone()
    {
        await StartAsync();
        Assert.Equal(0, await RecoverAsync());
        Assert.Equal(BackupStatus.Creating, (await BackupAsync()).Status);
    }

    [Fact]
    public async Task What_an_ended_execution_left_is_abandoned_once()
    {
        Backup backup = await StartAsync();
        _service.Executions.End(backup.Execution, ExecutionStatus.TimedOut, "States.Timeout", "too long");
        Assert.Equal(1, await RecoverAsync());
        Assert.Equal(BackupStatus.Failed, (await BackupAsync()).Status);
        Assert.Equal("States.Timeout: too long", (await BackupAsync()).StatusReason);
        Cache cache = await _service.Parts.Catalog.Caches.GetAsync(CacheName.Parse("source"), default);
        Assert.Equal(CacheStatus.Available, cache.Status);
        Assert.Null(cache.Operation);
        Assert.Equal(0, await RecoverAsync());
    }

    [Fact]
    public async Task A_record_whose_execution_never_started_is_abandoned()
    {
        await _service.AddBackupAsync("nightly", BackupStatus.Creating);
        Assert.Equal(1, await RecoverAsync());
        Assert.Contains("ExecutionNeverStarted", (await BackupAsync()).StatusReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_another_installation_runs_is_left_to_it()
    {
        await _service.AddBackupAsync("nightly", BackupStatus.Creating);
        await _service.Parts.Catalog.Backups.ChangeAsync(Name, b => b with { Execution = new ExecutionId("elsewhere:1") }, default);
        Assert.Equal(0, await RecoverAsync());
        Assert.Equal(BackupStatus.Creating, (await BackupAsync()).Status);
    }

    [Fact]
    public async Task A_record_that_cannot_be_put_in_order_keeps_no_other_from_it()
    {
        Backup first = await StartAsync();
        await _service.AddCacheAsync("other");
        Backup second = await new StartBackup(_service.Parts).RunAsync(
            new StartBackupRequest(BackupName.Parse("weekly"), CacheName.Parse("other"), BackupKind.Manual), default);
        _service.Executions.End(first.Execution, ExecutionStatus.Aborted, "Cancelled", "by a test");
        _service.Executions.End(second.Execution, ExecutionStatus.Aborted, "Cancelled", "by a test");
        await _service.Store.PutAsync(CatalogKeys.Backup(second.Name), "{"u8.ToArray(), WriteCondition.None, default);

        List<UnreadableRecord> told = [];
        Assert.Equal(1, await new RecoverOperations(_service.Parts).RunAsync(told.Add, default));
        Assert.Equal(BackupStatus.Failed, (await BackupAsync()).Status);
        Assert.Contains(told, record => record.Name == "other");
    }

    [Fact]
    public async Task A_restore_that_ended_lets_its_backup_go_and_leaves_its_cache_failed()
    {
        await _service.AddBackupAsync("nightly", BackupStatus.Available);
        Cache fresh = await new StartRestore(_service.Parts).RunAsync(
            new StartRestoreRequest(Name, CacheName.Parse("fresh"), new RestoreTargetSpec()), default);
        _service.Executions.End(fresh.Operation!.Execution, ExecutionStatus.Failed, "RestoreMismatchException", "differs");
        Assert.Equal(1, await RecoverAsync());
        Assert.Empty((await BackupAsync()).Uses);
        Assert.Equal(BackupStatus.Available, (await BackupAsync()).Status);
        Assert.Equal(CacheStatus.CreateFailed, (await _service.Parts.Catalog.Caches.GetAsync(fresh.Name, default)).Status);
    }

    private async Task<Backup> StartAsync()
    {
        await _service.AddCacheAsync("source");
        return await new StartBackup(_service.Parts).RunAsync(new StartBackupRequest(Name, CacheName.Parse("source"), BackupKind.Manual), default);
    }

    private Task<int> RecoverAsync() => new RecoverOperations(_service.Parts).RunAsync(_ => { }, default);

    private Task<Backup> BackupAsync() => _service.Parts.Catalog.Backups.GetAsync(Name, default);
}
