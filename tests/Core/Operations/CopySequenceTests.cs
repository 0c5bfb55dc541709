using CacheBackup.Core.Buckets;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures.Operations;

namespace CacheBackup.Core.Tests.Operations;

public sealed class CopySequenceTests
{
    private static readonly BackupName Source = BackupName.Parse("nightly");
    private static readonly BackupName Name = BackupName.Parse("second");
    private readonly MemoryService _service = new(TimeProvider.System);

    [Fact]
    public async Task Every_step_taken_twice_ends_as_taken_once_and_the_copy_is_a_backup_of_its_own()
    {
        Backup source = await _service.TakeBackupAsync("nightly");
        NewBackupJob job = await StartAsync();
        Assert.Equal([1], await new BeginCopy(_service.Parts).RunAsync(job, default));
        ShardManifest first = await new CopyShard(_service.Parts).RunAsync(job, 1, default);
        ShardManifest second = await new CopyShard(_service.Parts).RunAsync(job, 1, default);
        Assert.Equal(first.DataKey, second.DataKey);
        Backup copy = await new CompleteCopy(_service.Parts).RunAsync(job, default);
        Backup again = await new CompleteCopy(_service.Parts).RunAsync(job, default);

        Assert.Equal(copy.Revision, again.Revision);
        Assert.Equal((BackupStatus.Available, BackupKind.Copy), (copy.Status, copy.Kind));
        Assert.Equal(source.Shards[0].Sha256, copy.Shards[0].Sha256);
        Assert.NotEqual(source.Shards[0].DataKey, copy.Shards[0].DataKey);
        Assert.Equal(source.Tags, copy.Tags);
        Assert.Equal(source.Origin, copy.Origin);
        Assert.Equal(new CopyOrigin(source.Name, source.Id), copy.CopiedFrom);
        Assert.Equal(await BytesAsync(_service.Store, source), await BytesAsync(_service.Store, copy));
        Assert.NotNull(await _service.Store.HeadAsync(CatalogKeys.ManifestCopy(copy.Id), default));
        Assert.Empty((await GetAsync(Source)).Uses);
        Assert.Contains(EventCode.BackupCopied, await CodesAsync());

        await DeleteAsync(Source);
        Assert.Equal(_service.Caches.Data, await BytesAsync(_service.Store, copy));
    }

    [Fact]
    public async Task While_it_is_copied_the_source_cannot_be_deleted()
    {
        await _service.TakeBackupAsync("nightly");
        await StartAsync();
        CatalogConflictException refused = await Assert.ThrowsAsync<CatalogConflictException>(
            () => new DeleteBackup(_service.Parts).RunAsync(Source, default));
        Assert.Contains("copy", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_abandon_no_step_goes_on_and_the_source_is_let_go()
    {
        await _service.TakeBackupAsync("nightly");
        NewBackupJob job = await StartAsync();
        await AbandonAsync(job);
        await AbandonAsync(job);
        Assert.Equal(BackupStatus.Failed, (await GetAsync(Name)).Status);
        Assert.Empty((await GetAsync(Source)).Uses);
        Assert.Contains(EventCode.BackupCopyFailed, await CodesAsync());
        await Assert.ThrowsAsync<NoLongerOwnerException>(() => new BeginCopy(_service.Parts).RunAsync(job, default));
        await Assert.ThrowsAsync<NoLongerOwnerException>(() => new CopyShard(_service.Parts).RunAsync(job, 1, default));
        await Assert.ThrowsAsync<NoLongerOwnerException>(() => new CompleteCopy(_service.Parts).RunAsync(job, default));
        Assert.Null(await _service.Store.HeadAsync(CatalogKeys.ShardRecord((await GetAsync(Name)).Id, 1), default));
    }

    [Fact]
    public async Task Abandon_after_complete_leaves_the_available_copy()
    {
        await _service.TakeBackupAsync("nightly");
        Backup copy = await CopyAsync(null);
        await AbandonAsync(new NewBackupJob(copy.Execution, copy.Name, copy.Generation));
        Assert.Equal(BackupStatus.Available, (await GetAsync(Name)).Status);
        Assert.DoesNotContain(EventCode.BackupCopyFailed, await CodesAsync());
    }

    [Fact]
    public async Task Copy_whose_execution_never_started_is_recovered_and_its_name_is_free_again()
    {
        await _service.TakeBackupAsync("nightly");
        NewBackupJob job = await StartAsync();
        _service.Executions.Forget(job.Execution);
        await new RecoverOperations(_service.Parts).RunAsync(_ => { }, default);
        Assert.Equal(BackupStatus.Failed, (await GetAsync(Name)).Status);
        Assert.Empty((await GetAsync(Source)).Uses);
        Assert.Equal(BackupStatus.Available, (await CopyAsync(null)).Status);
    }

    [Fact]
    public async Task Execution_that_ended_badly_is_abandoned_by_its_machine()
    {
        await _service.TakeBackupAsync("nightly");
        NewBackupJob job = await StartAsync();
        _service.Executions.End(job.Execution, ExecutionStatus.Aborted, "Cancelled", "by a test");
        ExecutionDescription ended = (await _service.Executions.DescribeAsync(job.Execution, default))!;
        await new RecoverOperations(_service.Parts).AbandonAsync(ended, default);
        Assert.Equal("Cancelled: by a test", (await GetAsync(Name)).StatusReason);
    }

    [Fact]
    public async Task Start_that_fails_is_abandoned()
    {
        await _service.TakeBackupAsync("nightly");
        _service.Executions.StartFailure = new StoreUnavailableException("planned");
        await Assert.ThrowsAsync<StoreUnavailableException>(() => StartAsync());
        Assert.Equal(BackupStatus.Failed, (await GetAsync(Name)).Status);
        Assert.Empty((await GetAsync(Source)).Uses);
    }

    [Fact]
    public async Task Source_that_is_not_available_and_a_taken_name_are_refused()
    {
        await _service.AddBackupAsync("nightly", BackupStatus.Damaged);
        await Assert.ThrowsAsync<CatalogConflictException>(() => StartAsync());
        await _service.TakeBackupAsync("other", "another");
        await _service.AddBackupAsync("second", BackupStatus.Available);
        await Assert.ThrowsAsync<CatalogConflictException>(
            () => new StartCopy(_service.Parts).RunAsync(new StartCopyRequest(BackupName.Parse("other"), Name), default));
        Assert.Empty((await GetAsync(BackupName.Parse("other"))).Uses);
    }

    [Fact]
    public async Task Damaged_source_is_found_out_and_nothing_is_published()
    {
        Backup source = await _service.TakeBackupAsync("nightly");
        ObjectKey key = source.Shards[0].DataKey;
        byte[] bytes = await BytesAsync(_service.Store, source);
        bytes[^20] ^= 1;
        await _service.Store.PutAsync(key, bytes, WriteCondition.None, default);
        NewBackupJob job = await StartAsync();
        await Assert.ThrowsAsync<BackupDamagedException>(() => new CopyShard(_service.Parts).RunAsync(job, 1, default));
        await Assert.ThrowsAsync<CatalogConflictException>(() => new CompleteCopy(_service.Parts).RunAsync(job, default));
    }

    [Fact]
    public async Task Copy_in_another_bucket_is_restored_copied_back_and_deleted_from_there()
    {
        Backup source = await _service.TakeBackupAsync("nightly");
        Backup copy = await CopyAsync("s3://copies");
        MemoryObjectStore there = _service.Buckets.StoreAt("s3://copies");
        Assert.Equal(BucketAddress.Parse("s3://copies?region=eu-west-1&kms-key=alias/copies"), copy.Location);
        Assert.Null(await _service.Store.HeadAsync(copy.Shards[0].DataKey, default));
        Assert.Equal(_service.Caches.Data, await BytesAsync(there, copy));
        Assert.NotNull(await there.HeadAsync(CatalogKeys.ManifestCopy(copy.Id), default));

        Cache cache = await new StartRestore(_service.Parts).RunAsync(
            new StartRestoreRequest(Name, CacheName.Parse("fresh"), new RestoreTargetSpec()), default);
        RestoreJob restore = new(cache.Operation!.Execution, Name, cache.Name, cache.Generation);
        Assert.Single((await new CheckRestore(_service.Parts).RunAsync(restore, default)).Lanes);
        await new ProvisionCache(_service.Parts).RunAsync(restore, RestoreFill.Load, default);
        Assert.Same(there, Assert.Single(_service.Provisioner.Made).Store);
        await new AbandonRestore(_service.Parts).RunAsync(restore, new FailureCause("Cancelled", "by a test"), default);

        await DeleteAsync(Source);
        Backup back = await CopyAsync(null, Name, Source);
        Assert.Equal(_service.Caches.Data, await BytesAsync(_service.Store, back));
        await DeleteAsync(Name);
        Assert.Null(await there.HeadAsync(copy.Shards[0].DataKey, default));
        Assert.Null(await there.HeadAsync(CatalogKeys.ManifestCopy(copy.Id), default));
        Assert.NotEqual(source.Id, back.Id);
    }

    [Fact]
    public async Task Bucket_that_is_not_configured_is_refused_with_the_line_to_add()
    {
        await _service.TakeBackupAsync("nightly");
        TargetNotConfiguredException refused = await Assert.ThrowsAsync<TargetNotConfiguredException>(() => StartAsync("s3://elsewhere"));
        Assert.Contains("--copy-to s3://elsewhere", refused.Message, StringComparison.Ordinal);
        Assert.Null(await _service.Parts.Catalog.Backups.FindAsync(Name, default));
    }

    private async Task<NewBackupJob> StartAsync(string? location = null, BackupName? source = null, BackupName? name = null)
    {
        Backup copy = await new StartCopy(_service.Parts).RunAsync(new StartCopyRequest(source ?? Source, name ?? Name, location), default);
        return new NewBackupJob(copy.Execution, copy.Name, copy.Generation);
    }

    private async Task<Backup> CopyAsync(string? location, BackupName? source = null, BackupName? name = null)
    {
        NewBackupJob job = await StartAsync(location, source, name);
        await new CopyShard(_service.Parts).RunAsync(job, 1, default);
        return await new CompleteCopy(_service.Parts).RunAsync(job, default);
    }

    private async Task DeleteAsync(BackupName name)
    {
        Backup deleting = await new DeleteBackup(_service.Parts).RunAsync(name, default);
        DeleteJob job = new(deleting.Execution, name, deleting.Generation);
        await new RemoveBackup(_service.Parts).RemoveObjectsAsync(job, default);
        await new RemoveBackup(_service.Parts).RemoveRecordAsync(job, default);
    }

    private Task AbandonAsync(NewBackupJob job) =>
        new AbandonCopy(_service.Parts).RunAsync(job, new FailureCause("Cancelled", "by a test"), default);

    private Task<Backup> GetAsync(BackupName name) => _service.Parts.Catalog.Backups.GetAsync(name, default);

    private static async Task<byte[]> BytesAsync(MemoryObjectStore store, Backup backup)
    {
        await using ObjectContent content = await store.GetAsync(backup.Shards[0].DataKey, null, default);
        byte[] bytes = new byte[content.LengthBytes];
        await content.Stream.ReadExactlyAsync(bytes);
        return bytes;
    }

    private async Task<EventCode[]> CodesAsync() =>
        [.. (await _service.Parts.Events.ListAsync(CatalogKeys.Events, null, default).ToListAsync()).Select(e => e.Code)];
}
