using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Snapshots;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures.Operations;
using CacheBackup.Fixtures.Snapshots;
using Microsoft.Extensions.Time.Testing;

namespace CacheBackup.Core.Tests.Operations;

/// <summary>The steps of a native backup, each as its machine takes them, and each taken twice.</summary>
public sealed partial class NativeBackupTests
{
    private static readonly CacheName Shop = CacheName.Parse("shop");
    private static readonly BackupName Nightly = BackupName.Parse("nightly");

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(60));
    private readonly MemoryService _service;

    public NativeBackupTests() => _service = new MemoryService(_time);

    [Theory]
    [InlineData(ManagedResourceKind.ReplicationGroup, 3)]
    [InlineData(ManagedResourceKind.CacheCluster, 1)]
    [InlineData(ManagedResourceKind.ServerlessCache, 2)]
    public async Task Every_step_taken_twice_ends_as_taken_once(ManagedResourceKind kind, int shards)
    {
        BackupJob job = await StartAsync(kind, shards);
        BackupWorkPlan plan = await TwiceAsync(() => new BeginBackup(Parts).RunAsync(job, default));
        Assert.Equal(BackupMethod.Native, plan.Method);
        Assert.Empty(plan.Shards);

        await TwiceAsync(() => new RequestNativeSnapshot(Parts).RunAsync(job, default));
        Assert.Single(ElastiCache.Snapshots);
        Assert.Equal(NativeState.Ready, (await TwiceAsync(() => Check.SnapshotAsync(job, default))).State);
        await ExportAsync(job, await TwiceAsync(() => new BeginNativeExport(Parts).RunAsync(job, default)));
        NativeCheck adopt = await ReadyAsync(job);
        Assert.Equal(Enumerable.Range(1, shards), adopt.Shards);
        Assert.Equal(adopt.Shards, (await Check.ExportAsync(job, null, default)).Shards);
        Assert.Equal(NativeExportStep.Written, (await new BeginNativeExport(Parts).RunAsync(job, default)).Step);
        foreach (int shard in adopt.Shards)
        {
            ShardManifest first = await new AdoptNativeFile(Parts).RunAsync(job, shard, default);
            ShardManifest second = await new AdoptNativeFile(Parts).RunAsync(job, shard, default);
            Assert.Equal(first.DataKey, second.DataKey);
            Assert.Equal((5L + shard, "ElastiCache snapshot", SnapshotConsistency.PointInTime), (first.Keys, first.Method, first.Consistency));
        }

        Backup backup = await TwiceAsync(() => new CompleteBackup(Parts).RunAsync(job, default));
        Assert.Equal((BackupStatus.Available, shards), (backup.Status, backup.Origin!.Shards));
        Assert.Equal(CacheStatus.Available, (await Parts.Catalog.Caches.GetAsync(Shop, default)).Status);

        NativeSnapshotId left = (await TwiceAsync(() => new RemoveNativeFiles(Parts).RunAsync(job, confirm: false, default)))!;
        Assert.Empty(await ExchangeAsync());
        ElastiCache.Set(left, "deleting");
        Assert.Null(await TwiceAsync(() => new RemoveNativeFiles(Parts).RunAsync(job, confirm: true, default)));
        Assert.Null((await Parts.Catalog.Backups.GetAsync(Nightly, default)).NativeSnapshot);
        Assert.Null((await Parts.Catalog.NativeExports.FindAsync(NativeExportName.Of(left), default))?.Document);
    }

    [Fact]
    public async Task A_snapshot_carries_the_execution_and_the_backups_tags()
    {
        BackupJob job = await StartAsync(ManagedResourceKind.ReplicationGroup, 1);
        NativeSnapshotId id = await new RequestNativeSnapshot(Parts).RunAsync(job, default);
        Assert.Equal(
            [new Tag("cache-backup:execution", job.Execution.Value), new Tag("cache-backup:backup", "nightly"), new Tag("team", "one")],
            ElastiCache.TagsOf(id));
    }

    [Theory]
    [InlineData("nightly")]
    [InlineData("automatic")]
    public void A_snapshots_name_keeps_ElastiCaches_rules(string name)
    {
        BackupName backup = name == "automatic"
            ? BackupName.Automatic(CacheName.Parse("a-b-cd-ef-" + new string('g', 30)), _time.GetUtcNow())
            : BackupName.Parse(name);
        NativeSnapshotId id = NativeSnapshotId.Of(backup, Generations.After(0, DateTimeOffset.UnixEpoch.AddYears(250)), serverless: false);
        Assert.Matches("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", id.Name);
        Assert.InRange(id.ExportName.Length, 1, 40);
        Assert.NotEqual(id, NativeSnapshotId.Of(BackupName.Parse("nightly-2"), 7, serverless: false));
    }

    [Fact]
    public async Task A_snapshot_that_somebody_else_took_under_the_name_is_left_alone()
    {
        BackupJob job = await StartAsync(ManagedResourceKind.ReplicationGroup, 1);
        NativeSnapshotId id = NativeSnapshotId.Of(Nightly, job.Generation, serverless: false);
        ElastiCache.AddSnapshot(id, new Tag("cache-backup:execution", "another"));
        CatalogConflictException refused = await Assert.ThrowsAsync<CatalogConflictException>(() => new RequestNativeSnapshot(Parts).RunAsync(job, default));
        Assert.Contains(id.Name, refused.Message, StringComparison.Ordinal);
        await AbandonAsync(job);
        Assert.Single(ElastiCache.Snapshots);
        Assert.DoesNotContain(ElastiCache.Asked, asked => asked.StartsWith("delete", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("creating")]
    [InlineData("copying")]
    [InlineData("a word that nobody has documented")]
    public async Task What_ElastiCache_is_at_work_on_is_waited_for_and_not_for_ever(string status)
    {
        BackupJob job = await RequestedAsync();
        ElastiCache.Set(Id(job), status);
        Assert.Equal(NativeState.Wait, (await Check.SnapshotAsync(job, default)).State);
        _time.Advance(TimeSpan.FromHours(13));
        NativeSnapshotFailedException slow = await Assert.ThrowsAsync<NativeSnapshotFailedException>(() => Check.SnapshotAsync(job, default));
        Assert.Contains(status, slow.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("failed")]
    [InlineData("create-failed")]
    [InlineData("deleting")]
    public async Task A_snapshot_that_failed_or_goes_fails_the_backup_with_its_status(string status)
    {
        BackupJob job = await RequestedAsync();
        ElastiCache.Set(Id(job), status);
        NativeSnapshotFailedException failed = await Assert.ThrowsAsync<NativeSnapshotFailedException>(() => Check.SnapshotAsync(job, default));
        Assert.Contains(status, failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_ElastiCache_wrote_is_read_like_any_file_from_outside()
    {
        BackupJob job = await RequestedAsync();
        NativeExportPlan plan = await new BeginNativeExport(Parts).RunAsync(job, default);
        byte[] bad = SampleRdb.File(keys: 6, valueBytes: 20);
        bad[^12] ^= 1;
        await ElastiCache.Exchange.PutAsync(new ObjectKey($"{plan.Target}-0001.rdb"), bad, WriteCondition.Absent, default);
        await Check.ExportAsync(job, null, default);
        await Assert.ThrowsAsync<RdbFormatException>(() => new AdoptNativeFile(Parts).RunAsync(job, 1, default));
        await Assert.ThrowsAsync<CatalogConflictException>(() => new CompleteBackup(Parts).RunAsync(job, default));
    }

    [Fact]
    public async Task Abandon_marks_the_backup_and_leaves_nothing_in_the_bucket_or_in_ElastiCache()
    {
        BackupJob job = await RequestedAsync();
        NativeExportPlan plan = await new BeginNativeExport(Parts).RunAsync(job, default);
        await ElastiCache.CopyAsync(plan.Snapshot, plan.Target, default);
        await AbandonAsync(job);
        await AbandonAsync(job);
        Backup failed = await BackupAsync(job);
        Assert.Equal((BackupStatus.Failed, "Cancelled: by a test", null), (failed.Status, failed.StatusReason, failed.NativeSnapshot));
        Assert.Empty(await ExchangeAsync());
        Assert.Empty(ElastiCache.Snapshots);
        Assert.Equal(CacheStatus.Available, (await Parts.Catalog.Caches.GetAsync(Shop, default)).Status);
        await Assert.ThrowsAsync<NoLongerOwnerException>(() => new RequestNativeSnapshot(Parts).RunAsync(job, default));
        await Assert.ThrowsAsync<NoLongerOwnerException>(() => Check.SnapshotAsync(job, default));
        await Assert.ThrowsAsync<NoLongerOwnerException>(() => new BeginNativeExport(Parts).RunAsync(job, default));
        Assert.Empty(ElastiCache.Snapshots);
    }

    [Fact]
    public async Task A_snapshot_that_cannot_go_yet_is_removed_by_the_purge()
    {
        ElastiCache.StatusOfNewSnapshots = "creating";
        BackupJob job = await RequestedAsync();
        await AbandonAsync(job);
        Assert.NotNull((await BackupAsync(job)).NativeSnapshot);
        await new MendRecords(Parts).RunAsync(default);
        Assert.Single(ElastiCache.Snapshots);

        ElastiCache.Set(Id(job), "available");
        await new MendRecords(Parts).RunAsync(default);
        Assert.Empty(ElastiCache.Snapshots);
        Assert.Null((await BackupAsync(job)).NativeSnapshot);
    }

    [Fact]
    public async Task A_snapshot_that_is_to_be_kept_stays_and_is_named()
    {
        BackupJob job = await StartAsync(ManagedResourceKind.ReplicationGroup, 1, keep: true);
        await new RequestNativeSnapshot(Parts).RunAsync(job, default);
        await AdoptAsync(job);
        Assert.Null(await new RemoveNativeFiles(Parts).RunAsync(job, confirm: false, default));
        await AbandonAsync(job);
        Assert.Single(ElastiCache.Snapshots);
        Assert.Empty(await ExchangeAsync());
        Assert.Equal(Id(job), (await BackupAsync(job)).NativeSnapshot);
    }

    [Fact]
    public async Task A_snapshot_that_ElastiCache_does_not_delete_is_named_and_the_purge_asks_again()
    {
        BackupJob job = await RequestedAsync();
        await AdoptAsync(job);
        Assert.Null(await new RemoveNativeFiles(Parts).RunAsync(job, confirm: true, default));
        Backup published = await BackupAsync(job);
        Assert.Equal((BackupStatus.Available, Id(job)), (published.Status, published.NativeSnapshot));
        Assert.Contains($"does not delete its {Id(job)}", published.StatusReason, StringComparison.Ordinal);
        Assert.Single(ElastiCache.Snapshots);

        await new MendRecords(Parts).RunAsync(default);
        Assert.Empty(ElastiCache.Snapshots);
        published = await BackupAsync(job);
        Assert.Equal((BackupStatus.Available, null, null), (published.Status, published.NativeSnapshot, published.StatusReason));
    }

    [Fact]
    public async Task Without_ElastiCache_nothing_is_begun()
    {
        BackupJob job = await StartAsync(ManagedResourceKind.ReplicationGroup, 1);
        ServiceParts bare = Parts with
        {
            Exchange = null,
            ExchangeBucket = null,
            ManagedSources = NoManagedSources.Instance,
            NativeSnapshots = NoManagedSources.Instance,
        };
        await Assert.ThrowsAsync<TargetNotAvailableHereException>(() => new RequestNativeSnapshot(bare).RunAsync(job, default));
        Assert.Null((await BackupAsync(job)).NativeSnapshot);
    }

    private ServiceParts Parts => _service.Parts;

    private FakeElastiCache ElastiCache => _service.ElastiCache;

    private CheckNativeSnapshot Check => new(Parts);

    private static NativeSnapshotId Id(BackupJob job) => NativeSnapshotId.Of(job.Backup, job.Generation, serverless: false);

    private async Task<BackupJob> StartAsync(
        ManagedResourceKind kind, int shards, string cache = "shop", string backup = "nightly", bool? keep = null)
    {
        ManagedResource resource = ElastiCache.Add(
            kind, $"{cache}-in-aws", () => [.. Enumerable.Range(1, shards).Select(n => SampleRdb.File(keys: 5 + n, valueBytes: 20))]);
        Cache started = await new RegisterCache(Parts).RunAsync(
            new RegisterCacheRequest(CacheName.Parse(cache), null, [new Tag("team", "one")]) { Managed = SourceOf(resource) with { KeepSnapshots = keep } }, default);
        await new DescribeManagedSource(Parts).RunAsync(new CacheJob(started.Operation!.Execution, started.Name, started.Generation), default);
        Backup begun = await new StartBackup(Parts).RunAsync(new StartBackupRequest(BackupName.Parse(backup), started.Name, BackupKind.Manual), default);
        return new BackupJob(begun.Execution, begun.Name, begun.Cache, begun.Generation);
    }

    private static ManagedSource SourceOf(ManagedResource resource) => resource.Kind switch
    {
        ManagedResourceKind.ServerlessCache => new ManagedSource { ServerlessCache = resource.Id },
        ManagedResourceKind.ReplicationGroup => new ManagedSource { ReplicationGroup = resource.Id },
        _ => new ManagedSource { CacheCluster = resource.Id },
    };

    private async Task<BackupJob> RequestedAsync()
    {
        BackupJob job = await StartAsync(ManagedResourceKind.ReplicationGroup, 1);
        await new RequestNativeSnapshot(Parts).RunAsync(job, default);
        return job;
    }

    private async Task AdoptAsync(BackupJob job)
    {
        await ExportAsync(job, await new BeginNativeExport(Parts).RunAsync(job, default));
        foreach (int shard in (await ReadyAsync(job)).Shards)
        {
            await new AdoptNativeFile(Parts).RunAsync(job, shard, default);
        }

        await new CompleteBackup(Parts).RunAsync(job, default);
    }

    private Task ExportAsync(BackupJob job, NativeExportPlan plan) => plan.Step == NativeExportStep.Copy
        ? ElastiCache.CopyAsync(plan.Snapshot, plan.Target, default)
        : ElastiCache.ExportAsync(plan.Snapshot, default);

    /// <summary>A backup of a serverless cache that has taken its turn: ElastiCache has not begun to write.</summary>
    private async Task<(BackupJob Job, NativeExportPlan Plan)> ServerlessAsync(string cache, string backup)
    {
        BackupJob job = await StartAsync(ManagedResourceKind.ServerlessCache, 2, cache, backup);
        await new RequestNativeSnapshot(Parts).RunAsync(job, default);
        return (job, await new BeginNativeExport(Parts).RunAsync(job, default));
    }

    /// <summary>Looks that wait from now on, until the bucket has been quiet for as long as it must.</summary>
    private async Task WaitsUntilQuietAsync(BackupJob job)
    {
        Assert.Equal(NativeExportStep.Wait, (await new BeginNativeExport(Parts).RunAsync(job, default)).Step);
        _time.Advance(CheckNativeSnapshot.LongestQuietExport - TimeSpan.FromSeconds(1));
        Assert.Equal(NativeExportStep.Wait, (await new BeginNativeExport(Parts).RunAsync(job, default)).Step);
        _time.Advance(TimeSpan.FromSeconds(1));
    }

    /// <summary>A serverless export must stay the same for a while before it is believed.</summary>
    private async Task<NativeCheck> ReadyAsync(BackupJob job)
    {
        NativeCheck first = await Check.ExportAsync(job, null, default);
        if (first.State == NativeState.Ready)
        {
            return first;
        }

        _time.Advance(CheckNativeSnapshot.WholeAfter);
        return await Check.ExportAsync(job, null, default);
    }

    private Task AbandonAsync(BackupJob job) => new AbandonBackup(Parts).RunAsync(job, new FailureCause("Cancelled", "by a test"), default);

    private Task<Backup> BackupAsync(BackupJob job) => Parts.Catalog.Backups.GetAsync(job.Backup, default);

    private Task<ObjectTag> PutAsync(string key) =>
        ElastiCache.Exchange.PutAsync(new ObjectKey(key), SampleRdb.File(keys: 1, valueBytes: 1), WriteCondition.Absent, default);

    private async Task<string[]> ExchangeAsync()
    {
        List<string> keys = [];
        await foreach (ObjectSummary summary in ElastiCache.Exchange.ListAsync(string.Empty, null, default))
        {
            keys.Add(summary.Key.Value);
        }

        return [.. keys];
    }

    private static async Task<T> TwiceAsync<T>(Func<Task<T>> step)
    {
        await step();
        return await step();
    }
}
