using CacheBackup.Core.Buckets;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures.Operations;
using CacheBackup.Fixtures.Snapshots;

namespace CacheBackup.Core.Tests.Operations;

public sealed class ImportSequenceTests
{
    private static readonly BackupName Name = BackupName.Parse("seed");
    private static readonly byte[] Good = SampleRdb.File(keys: 7, valueBytes: 30);
    private readonly MemoryService _service = new(TimeProvider.System);

    private MemoryObjectStore Bucket => _service.Buckets.StoreAt("s3://imports");

    [Fact]
    public async Task Every_step_taken_twice_ends_as_taken_once_and_the_backup_is_the_file()
    {
        await PutAsync(Good);
        NewBackupJob job = await StartAsync();
        for (int twice = 0; twice < 2; twice++)
        {
            await new CheckImport(_service.Parts).RunAsync(job, default);
            await new ImportFile(_service.Parts).RunAsync(job, default);
        }

        Backup once = await new CompleteImport(_service.Parts).RunAsync(job, default);
        Backup twiceDone = await new CompleteImport(_service.Parts).RunAsync(job, default);
        await AbandonAsync(job);
        Assert.Equal(once.Revision, twiceDone.Revision);
        Backup backup = await GetAsync();
        Assert.Equal((BackupStatus.Available, BackupKind.Imported), (backup.Status, backup.Kind));
        Assert.Equal((CacheEngine.Redis, new CacheVersion(7, 0, 15)), (backup.Origin!.Engine, backup.Origin.EngineVersion));
        Assert.Equal((7L, Good.Length, SnapshotConsistencyText), (backup.Shards[0].Keys, backup.Shards[0].SizeBytes, backup.Shards[0].Consistency.ToString()));
        Assert.Equal("folder/redis-backup.rdb", backup.ImportedFrom!.File);
        Assert.Equal(StartImport.UnknownCache, backup.Cache);
        Assert.NotNull(await _service.Store.HeadAsync(CatalogKeys.ManifestCopy(backup.Id), default));
        Assert.Contains(EventCode.BackupImported, await CodesAsync());
        Assert.DoesNotContain(EventCode.BackupImportFailed, await CodesAsync());
    }

    [Fact]
    public async Task Restore_that_was_asked_for_is_started_once_when_the_backup_is_there()
    {
        await PutAsync(Good);
        NewBackupJob job = await StartAsync(restore: new ImportRestore(CacheName.Parse("fresh"), new RestoreTargetSpec()));
        await new ImportFile(_service.Parts).RunAsync(job, default);
        Assert.Null(await _service.Parts.Catalog.Caches.FindAsync(CacheName.Parse("fresh"), default));
        await new CompleteImport(_service.Parts).RunAsync(job, default);
        await new CompleteImport(_service.Parts).RunAsync(job, default);
        Cache cache = await _service.Parts.Catalog.Caches.GetAsync(CacheName.Parse("fresh"), default);
        Assert.Equal(Name, cache.Restoration!.Backup);
        Assert.Single(_service.Executions.Started, execution => execution.Machine == StateMachines.Restore);
    }

    [Fact]
    public async Task New_cache_whose_name_is_taken_is_refused_at_once_and_later_leaves_the_backup()
    {
        await PutAsync(Good);
        ImportRestore restore = new(CacheName.Parse("fresh"), new RestoreTargetSpec());
        NewBackupJob job = await StartAsync(restore: restore);
        await _service.AddCacheAsync("fresh");
        await new ImportFile(_service.Parts).RunAsync(job, default);
        await Assert.ThrowsAsync<CatalogConflictException>(() => new CompleteImport(_service.Parts).RunAsync(job, default));
        await AbandonAsync(job);
        Assert.Equal(BackupStatus.Available, (await GetAsync()).Status);
        await Assert.ThrowsAsync<CatalogConflictException>(() => StartAsync("other", restore: restore));
        Assert.Null(await _service.Parts.Catalog.Backups.FindAsync(BackupName.Parse("other"), default));
    }

    [Fact]
    public async Task Every_changed_byte_and_every_cut_is_found_and_nothing_is_published()
    {
        await PutAsync(Good);
        NewBackupJob job = await StartAsync();
        for (int i = 0; i < Good.Length; i += 3)
        {
            byte[] changed = [.. Good];
            changed[i] ^= 0x10;
            await PutAsync(changed);
            await Assert.ThrowsAnyAsync<PermanentException>(() => new ImportFile(_service.Parts).RunAsync(job, default));
            await PutAsync(Good[..i]);
            await Assert.ThrowsAnyAsync<PermanentException>(() => new ImportFile(_service.Parts).RunAsync(job, default));
        }

        Assert.DoesNotContain(
            await _service.Store.ListAsync("data/", null, default).ToListAsync(),
            left => !left.Key.Value.EndsWith("/owner.json", StringComparison.Ordinal));
        Assert.Empty(await _service.Store.ListUploadsAsync(string.Empty, default).ToListAsync());
        await Assert.ThrowsAsync<CatalogConflictException>(() => new CompleteImport(_service.Parts).RunAsync(job, default));
    }

    [Fact]
    public async Task Value_that_would_harm_a_server_is_found_although_the_checksum_is_right()
    {
        // A listpack whose header promises more bytes than there are: whole as a string, broken as a value.
        await PutAsync(SampleRdb.WithValue(RdbType.HashListpack, [10, 99, 0, 0, 0, 2, 0, 1, 1, 255, 0]));
        NewBackupJob job = await StartAsync();
        RdbFormatException found = await Assert.ThrowsAsync<RdbFormatException>(() => new ImportFile(_service.Parts).RunAsync(job, default));
        Assert.Equal(RdbError.BadListpack, found.Code);
    }

    [Fact]
    public async Task Text_file_and_empty_file_fail_the_check()
    {
        NewBackupJob job = await StartAsync();
        foreach (byte[] bytes in new byte[][] { [], "hello"u8.ToArray(), "REDIS001"u8.ToArray(), "this is no data of any server"u8.ToArray() })
        {
            await PutAsync(bytes);
            await Assert.ThrowsAsync<RdbFormatException>(() => new CheckImport(_service.Parts).RunAsync(job, default));
        }
    }

    [Fact]
    public async Task File_that_is_not_there_is_named()
    {
        NewBackupJob job = await StartAsync();
        BucketNotFoundException missing = await Assert.ThrowsAsync<BucketNotFoundException>(() => new CheckImport(_service.Parts).RunAsync(job, default));
        Assert.Contains("folder/redis-backup.rdb", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Engine_and_version_that_are_told_count_before_those_of_the_file()
    {
        await PutAsync(Good);
        NewBackupJob job = await StartAsync(engine: CacheEngine.Valkey, version: new CacheVersion(7, 2, 6));
        await new ImportFile(_service.Parts).RunAsync(job, default);
        Backup backup = await new CompleteImport(_service.Parts).RunAsync(job, default);
        Assert.Equal((CacheEngine.Valkey, new CacheVersion(7, 2, 6)), (backup.Origin!.Engine, backup.Origin.EngineVersion));
    }

    [Fact]
    public async Task File_that_does_not_say_its_version_needs_to_be_told_it()
    {
        await PutAsync(SampleRdb.WithoutFields());
        NewBackupJob untold = await StartAsync();
        InvalidRequestException refused = await Assert.ThrowsAsync<InvalidRequestException>(() => new CheckImport(_service.Parts).RunAsync(untold, default));
        Assert.Contains("engineVersion", refused.Message, StringComparison.Ordinal);
        await AbandonAsync(untold);
        NewBackupJob told = await StartAsync(version: new CacheVersion(6, 2, 0));
        await new CheckImport(_service.Parts).RunAsync(told, default);
    }

    [Fact]
    public async Task File_that_ElastiCache_cannot_read_is_refused_only_where_it_is_to()
    {
        await PutAsync(Good);
        _service.Buckets.Facts = new BucketFacts { Presence = BucketPresence.Present, Region = "ap-east-1", IsOwned = true, Acl = [], FileAcl = [] };
        await new CheckImport(_service.Parts).RunAsync(await StartAsync("one"), default);
        NewBackupJob job = await StartAsync(forElastiCache: true);
        BucketReadNotGrantedException refused = await Assert.ThrowsAsync<BucketReadNotGrantedException>(() => new CheckImport(_service.Parts).RunAsync(job, default));
        foreach (string named in new[] { "s3:GetObject", "s3:ListBucket", "s3:GetBucketAcl", "ap-east-1.elasticache-snapshot.amazonaws.com", "arn:aws:s3:::imports/folder/redis-backup.rdb" })
        {
            Assert.Contains(named, refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task After_abandon_no_step_goes_on_and_the_name_is_free_again()
    {
        await PutAsync(Good);
        NewBackupJob job = await StartAsync();
        await AbandonAsync(job);
        await AbandonAsync(job);
        Assert.Equal(BackupStatus.Failed, (await GetAsync()).Status);
        await Assert.ThrowsAsync<NoLongerOwnerException>(() => new CheckImport(_service.Parts).RunAsync(job, default));
        await Assert.ThrowsAsync<NoLongerOwnerException>(() => new ImportFile(_service.Parts).RunAsync(job, default));
        await Assert.ThrowsAsync<NoLongerOwnerException>(() => new CompleteImport(_service.Parts).RunAsync(job, default));
        Assert.Single(await CodesAsync(), EventCode.BackupImportFailed);
        await StartAsync();
    }

    [Fact]
    public async Task Import_whose_execution_never_started_is_recovered()
    {
        NewBackupJob job = await StartAsync();
        _service.Executions.Forget(job.Execution);
        await new RecoverOperations(_service.Parts).RunAsync(_ => { }, default);
        Assert.Equal(BackupStatus.Failed, (await GetAsync()).Status);
        Assert.Contains(EventCode.BackupImportFailed, await CodesAsync());
    }

    private const string SnapshotConsistencyText = "PointInTime";

    private async Task<NewBackupJob> StartAsync(
        string name = "seed", ImportRestore? restore = null, CacheEngine? engine = null, CacheVersion? version = null, bool forElastiCache = false)
    {
        Backup backup = await new StartImport(_service.Parts).RunAsync(
            new StartImportRequest
            {
                Name = BackupName.Parse(name),
                File = "imports/folder/redis-backup.rdb",
                Restore = restore,
                Engine = engine,
                EngineVersion = version,
                ForElastiCache = forElastiCache,
            },
            default);
        return new NewBackupJob(backup.Execution, backup.Name, backup.Generation);
    }

    private Task AbandonAsync(NewBackupJob job) =>
        new AbandonImport(_service.Parts).RunAsync(job, new FailureCause("Cancelled", "by a test"), default);

    private Task<Backup> GetAsync() => _service.Parts.Catalog.Backups.GetAsync(Name, default);

    private Task PutAsync(byte[] bytes) => Bucket.PutAsync(new ObjectKey("folder/redis-backup.rdb"), bytes, WriteCondition.None, default);

    private async Task<EventCode[]> CodesAsync() =>
        [.. (await _service.Parts.Events.ListAsync(CatalogKeys.Events, null, default).ToListAsync()).Select(e => e.Code)];
}
