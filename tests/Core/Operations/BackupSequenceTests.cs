using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures.Operations;

namespace CacheBackup.Core.Tests.Operations;

public sealed class BackupSequenceTests
{
    private readonly MemoryService _service = new(TimeProvider.System);

    [Fact]
    public async Task Every_step_taken_twice_ends_as_taken_once()
    {
        BackupJob job = await StartAsync();
        Assert.Equal([1], (await new BeginBackup(_service.Parts).RunAsync(job, default)).Shards);
        Assert.Equal([1], (await new BeginBackup(_service.Parts).RunAsync(job, default)).Shards);
        ShardManifest first = await new SnapshotShard(_service.Parts).RunAsync(job, 1, default);
        ShardManifest second = await new SnapshotShard(_service.Parts).RunAsync(job, 1, default);
        Assert.Equal(first.DataKey, second.DataKey);
        Assert.Equal(1, _service.Caches.Opened);

        Backup once = await new CompleteBackup(_service.Parts).RunAsync(job, default);
        Backup twice = await new CompleteBackup(_service.Parts).RunAsync(job, default);
        Assert.Equal(BackupStatus.Available, once.Status);
        Assert.Equal(once.Revision, twice.Revision);
        Assert.Equal((5L, (long)_service.Caches.Data.Length), (once.Shards[0].Keys, once.Shards[0].SizeBytes));
        Cache cache = await CacheAsync();
        Assert.Equal(CacheStatus.Available, cache.Status);
        Assert.Null(cache.Operation);
        Assert.NotNull(await _service.Store.HeadAsync(CatalogKeys.ManifestCopy(once.Id), default));
    }

    [Fact]
    public async Task After_abandon_no_step_goes_on_and_none_writes_anything()
    {
        BackupJob job = await StartAsync();
        await AbandonAsync(job);
        Backup abandoned = await BackupAsync();
        Assert.Equal(BackupStatus.Failed, abandoned.Status);
        Assert.Equal("Cancelled: by a test", abandoned.StatusReason);
        string[] before = await KeysAsync();

        await Assert.ThrowsAsync<NoLongerOwnerException>(() => new BeginBackup(_service.Parts).RunAsync(job, default));
        await Assert.ThrowsAsync<NoLongerOwnerException>(() => new SnapshotShard(_service.Parts).RunAsync(job, 1, default));
        await Assert.ThrowsAsync<NoLongerOwnerException>(() => new CompleteBackup(_service.Parts).RunAsync(job, default));
        await AbandonAsync(job);
        Assert.Equal(before, await KeysAsync());
        Assert.Equal(abandoned.Revision, (await BackupAsync()).Revision);
    }

    [Fact]
    public async Task Abandon_after_complete_leaves_the_available_backup()
    {
        BackupJob job = await StartAsync();
        await new SnapshotShard(_service.Parts).RunAsync(job, 1, default);
        await new CompleteBackup(_service.Parts).RunAsync(job, default);
        await AbandonAsync(job);
        Assert.Equal(BackupStatus.Available, (await BackupAsync()).Status);
    }

    [Fact]
    public async Task Of_two_attempts_at_a_shard_the_first_record_counts_and_the_slower_ones_bytes_harm_nothing()
    {
        BackupJob job = await StartAsync();
        ShardManifest? first = null;
        _service.Caches.WhenOpened = async () =>
        {
            // A second attempt runs from beginning to end while the first one has just begun.
            _service.Caches.WhenOpened = () => Task.CompletedTask;
            first = await new SnapshotShard(_service.Parts).RunAsync(job, 1, default);
        };
        ShardManifest slower = await new SnapshotShard(_service.Parts).RunAsync(job, 1, default);
        Assert.Equal(2, _service.Caches.Opened);
        Assert.Equal(first!.DataKey, slower.DataKey);
        Assert.Equal(2, (await KeysAsync()).Count(k => k.EndsWith(".rdb", StringComparison.Ordinal)));
        Assert.Equal(first.DataKey, (await new CompleteBackup(_service.Parts).RunAsync(job, default)).Shards[0].DataKey);
    }

    [Fact]
    public async Task An_attempt_that_is_abandoned_while_it_runs_leaves_no_record()
    {
        BackupJob job = await StartAsync();
        _service.Caches.WhenOpened = () => AbandonAsync(job);

        // Its upload was given up under it.
        await Assert.ThrowsAsync<UploadNotFoundException>(() => new SnapshotShard(_service.Parts).RunAsync(job, 1, default));
        Assert.Null(await _service.Store.HeadAsync(CatalogKeys.ShardRecord((await BackupAsync()).Id, 1), default));
    }

    [Fact]
    public async Task A_backup_with_a_shard_that_was_not_taken_is_not_published()
    {
        BackupJob job = await StartAsync();
        await Assert.ThrowsAsync<CatalogConflictException>(() => new CompleteBackup(_service.Parts).RunAsync(job, default));
        Assert.Equal(BackupStatus.Creating, (await BackupAsync()).Status);
    }

    [Fact]
    public async Task Complete_gives_up_the_uploads_that_killed_attempts_left_open()
    {
        BackupJob job = await StartAsync();
        await new SnapshotShard(_service.Parts).RunAsync(job, 1, default);
        Backup backup = await BackupAsync();
        await _service.Store.BeginUploadAsync(CatalogKeys.ShardData(backup.Id, 1, "killed"), default);
        await new CompleteBackup(_service.Parts).RunAsync(job, default);
        await foreach (OpenUpload upload in _service.Store.ListUploadsAsync(string.Empty, default))
        {
            Assert.Fail($"{upload.Key} is still open.");
        }
    }

    private async Task<BackupJob> StartAsync()
    {
        await _service.AddCacheAsync("source");
        Backup backup = await new StartBackup(_service.Parts).RunAsync(
            new StartBackupRequest(BackupName.Parse("nightly"), CacheName.Parse("source"), BackupKind.Manual), default);
        return new BackupJob(backup.Execution, backup.Name, backup.Cache, backup.Generation);
    }

    private Task AbandonAsync(BackupJob job) =>
        new AbandonBackup(_service.Parts).RunAsync(job, new FailureCause("Cancelled", "by a test"), default);

    private Task<Cache> CacheAsync() => _service.Parts.Catalog.Caches.GetAsync(CacheName.Parse("source"), default);

    private Task<Backup> BackupAsync() => _service.Parts.Catalog.Backups.GetAsync(BackupName.Parse("nightly"), default);

    private async Task<string[]> KeysAsync()
    {
        List<string> keys = [];
        await foreach (ObjectSummary summary in _service.Store.ListAsync(string.Empty, null, default))
        {
            keys.Add(summary.Key.Value);
        }

        return [.. keys];
    }
}
