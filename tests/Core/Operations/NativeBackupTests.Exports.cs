using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures.Operations;

namespace CacheBackup.Core.Tests.Operations;

/// <content>Exports: refused, late, incomplete, abandoned.</content>
public sealed partial class NativeBackupTests
{
    [Fact]
    public async Task A_refused_export_that_wrote_nothing_fails_with_what_ElastiCache_said()
    {
        BackupJob job = await RequestedAsync();
        await new BeginNativeExport(Parts).RunAsync(job, default);
        FailureCause refusal = new("ElastiCache.InvalidParameterValueException", "has not been granted READ_ACP permissions");
        Assert.Equal(NativeState.Wait, (await TwiceAsync(() => Check.ExportAsync(job, refusal, default))).State);
        _time.Advance(CheckNativeSnapshot.RefusedWithoutFiles - TimeSpan.FromSeconds(1));
        Assert.Equal(NativeState.Wait, (await Check.ExportAsync(job, null, default)).State);

        // The looks that follow are not told of the refusal again.
        _time.Advance(TimeSpan.FromSeconds(1));
        NativeExportFailedException refused = await Assert.ThrowsAsync<NativeExportFailedException>(() => Check.ExportAsync(job, null, default));
        Assert.Contains("READ_ACP", refused.Message, StringComparison.Ordinal);
        Assert.Contains(FakeElastiCache.Bucket, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_export_whose_files_come_late_is_adopted()
    {
        BackupJob job = await RequestedAsync();
        NativeExportPlan plan = await new BeginNativeExport(Parts).RunAsync(job, default);
        await Check.ExportAsync(job, new FailureCause("ElastiCache.ElastiCacheException", "Rate exceeded"), default);
        _time.Advance(CheckNativeSnapshot.RefusedWithoutFiles - TimeSpan.FromMinutes(1));
        Assert.Equal(NativeState.Wait, (await Check.ExportAsync(job, null, default)).State);
        await ElastiCache.CopyAsync(plan.Snapshot, plan.Target, default);
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal([1], (await Check.ExportAsync(job, null, default)).Shards);
    }

    [Fact]
    public async Task A_refused_export_that_is_under_way_all_the_same_is_waited_for()
    {
        BackupJob job = await RequestedAsync();
        NativeExportPlan plan = await new BeginNativeExport(Parts).RunAsync(job, default);
        FailureCause refusal = new("ElastiCache.InvalidSnapshotStateException", "it is copied");
        ElastiCache.Set(Id(job), "copying");
        Assert.Equal(NativeState.Wait, (await Check.ExportAsync(job, refusal, default)).State);
        await ElastiCache.CopyAsync(plan.Snapshot, plan.Target, default);
        ElastiCache.Set(Id(job), "available");
        Assert.Equal([1], (await Check.ExportAsync(job, refusal, default)).Shards);
    }

    [Fact]
    public async Task An_export_without_all_its_files_is_never_adopted()
    {
        BackupJob job = await StartAsync(ManagedResourceKind.ReplicationGroup, 2);
        await new RequestNativeSnapshot(Parts).RunAsync(job, default);
        NativeExportPlan plan = await new BeginNativeExport(Parts).RunAsync(job, default);
        await ElastiCache.CopyAsync(plan.Snapshot, plan.Target, default);
        await ElastiCache.Exchange.DeleteAsync(new ObjectKey($"{plan.Target}-0002.rdb"), default);
        Assert.Equal(NativeState.Wait, (await Check.ExportAsync(job, null, default)).State);
        _time.Advance(CheckNativeSnapshot.LongestQuietExport + TimeSpan.FromMinutes(1));
        NativeExportFailedException quiet = await Assert.ThrowsAsync<NativeExportFailedException>(() => Check.ExportAsync(job, null, default));
        Assert.Contains("holds 1 of its files", quiet.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serverless_exports_go_one_at_a_time_and_an_ended_execution_holds_nobody_up_for_ever()
    {
        BackupJob first = await StartAsync(ManagedResourceKind.ServerlessCache, 1);
        await new RequestNativeSnapshot(Parts).RunAsync(first, default);
        NativeExportPlan plan = await new BeginNativeExport(Parts).RunAsync(first, default);
        Assert.Equal(NativeExportStep.Export, plan.Step);

        BackupJob second = await StartAsync(ManagedResourceKind.ServerlessCache, 1, "bar", "second");
        await new RequestNativeSnapshot(Parts).RunAsync(second, default);
        Assert.Equal(NativeExportStep.Wait, (await new BeginNativeExport(Parts).RunAsync(second, default)).Step);

        // The first one is stopped without a word; ElastiCache wrote its file all the same, which is not the second one's.
        await ElastiCache.ExportAsync(plan.Snapshot, default);
        _service.Executions.End(first.Execution, ExecutionStatus.Aborted);
        await WaitsUntilQuietAsync(second);
        NativeExportPlan own = await new BeginNativeExport(Parts).RunAsync(second, default);
        Assert.Equal(NativeExportStep.Export, own.Step);
        await Assert.ThrowsAsync<NoLongerOwnerException>(() => Check.ExportAsync(first, null, default));
        await ElastiCache.ExportAsync(own.Snapshot, default);
        await ReadyAsync(second);
        NativeFileList list = (await NativeFiles.FindAsync(Parts.Store, (await BackupAsync(second)).Id, default))!;
        Assert.Equal(["serverless-2-a.rdb"], list.Files.Select(file => file.Key));
    }

    [Fact]
    public async Task A_file_that_an_abandoned_export_writes_late_is_nobody_elses()
    {
        (BackupJob first, NativeExportPlan plan) = await ServerlessAsync("shop", "nightly");
        await AbandonAsync(first);
        _service.Executions.End(first.Execution, ExecutionStatus.Failed);

        // Its snapshot stays as long as the export may go on: that it is gone would say that nothing more comes.
        Assert.Single(ElastiCache.Snapshots);
        BackupJob second = await StartAsync(ManagedResourceKind.ServerlessCache, 2, "bar", "second");
        await new RequestNativeSnapshot(Parts).RunAsync(second, default);
        Assert.Equal(NativeExportStep.Wait, (await new BeginNativeExport(Parts).RunAsync(second, default)).Step);
        _time.Advance(CheckNativeSnapshot.LongestQuietExport - TimeSpan.FromMinutes(1));
        await ElastiCache.ExportAsync(plan.Snapshot, default);
        await WaitsUntilQuietAsync(second);

        NativeExportPlan own = await new BeginNativeExport(Parts).RunAsync(second, default);
        Assert.Equal(NativeExportStep.Export, own.Step);
        await ElastiCache.ExportAsync(own.Snapshot, default);
        await ReadyAsync(second);
        NativeFileList list = (await NativeFiles.FindAsync(Parts.Store, (await BackupAsync(second)).Id, default))!;
        Assert.Equal(["serverless-2-a.rdb", "serverless-2-b.rdb"], list.Files.Select(file => file.Key));
    }

    [Fact]
    public async Task An_abandoned_export_whose_snapshot_is_gone_holds_nobody_up()
    {
        (BackupJob first, NativeExportPlan plan) = await ServerlessAsync("shop", "nightly");
        await AbandonAsync(first);
        _service.Executions.End(first.Execution, ExecutionStatus.Failed);
        await ElastiCache.TryDeleteAsync(new NativeSnapshotId(plan.Snapshot, Serverless: true), default);
        Assert.Equal(NativeExportStep.Export, (await ServerlessAsync("bar", "second")).Plan.Step);
    }

    [Fact]
    public async Task What_an_abandoned_export_wrote_late_goes_with_the_purge_and_then_its_snapshot()
    {
        (BackupJob job, NativeExportPlan plan) = await ServerlessAsync("shop", "nightly");
        await AbandonAsync(job);
        _service.Executions.End(job.Execution, ExecutionStatus.Failed);
        await ElastiCache.ExportAsync(plan.Snapshot, default);
        await new MendRecords(Parts).RunAsync(default);
        Assert.Empty(await ExchangeAsync());
        Assert.Single(ElastiCache.Snapshots);
        for (int hour = 0; hour < 4; hour++)
        {
            _time.Advance(TimeSpan.FromHours(1));
            await new MendRecords(Parts).RunAsync(default);
        }

        Assert.Empty(ElastiCache.Snapshots);
        Assert.Null(await Parts.Catalog.NativeExports.FindAsync(NativeExportName.Of(new NativeSnapshotId(plan.Snapshot, Serverless: true)), default));
        Assert.Null((await BackupAsync(job)).NativeSnapshot);
    }

    [Fact]
    public async Task A_serverless_export_is_whole_once_nothing_has_changed_for_a_quarter_of_an_hour()
    {
        (BackupJob job, NativeExportPlan plan) = await ServerlessAsync("shop", "nightly");
        await PutAsync("first.rdb");
        Assert.Equal(NativeState.Wait, (await Check.ExportAsync(job, null, default)).State);
        _time.Advance(CheckNativeSnapshot.WholeAfter - TimeSpan.FromMinutes(1));
        Assert.Equal(NativeState.Wait, (await Check.ExportAsync(job, null, default)).State);
        await ElastiCache.ExportAsync(plan.Snapshot, default);
        for (int minute = 0; minute < 15; minute++)
        {
            Assert.Equal(NativeState.Wait, (await Check.ExportAsync(job, null, default)).State);
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal([1, 2, 3], (await Check.ExportAsync(job, null, default)).Shards);
    }

    [Theory]
    [InlineData(64L * 1024 * 1024, false)]
    [InlineData((64L * 1024 * 1024) - 1, true)]
    [InlineData(null, true)]
    public async Task A_serverless_export_far_smaller_than_the_caches_memory_is_not_adopted(long? bytesUsed, bool adopted)
    {
        (BackupJob job, NativeExportPlan plan) = await ServerlessAsync("shop", "nightly");
        if (bytesUsed is { } bytes)
        {
            ElastiCache.SetBytesUsed(new NativeSnapshotId(plan.Snapshot, Serverless: true), bytes);
        }

        await ElastiCache.ExportAsync(plan.Snapshot, default);
        if (adopted)
        {
            Assert.Equal([1, 2], (await ReadyAsync(job)).Shards);
            return;
        }

        NativeExportFailedException small = await Assert.ThrowsAsync<NativeExportFailedException>(() => ReadyAsync(job));
        Assert.Contains("67,108,864 bytes", small.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_of_others_in_the_exchange_bucket_are_nobodys_export()
    {
        await PutAsync("before.rdb");
        BackupJob job = await StartAsync(ManagedResourceKind.ServerlessCache, 2);
        await new RequestNativeSnapshot(Parts).RunAsync(job, default);
        NativeExportPlan plan = await new BeginNativeExport(Parts).RunAsync(job, default);
        await PutAsync(ExchangeKeys.Staged + "restore.rdb");
        await PutAsync(ExchangeKeys.NativeExports + "other-0001.rdb");
        await ElastiCache.ExportAsync(plan.Snapshot, default);
        Assert.Equal([1, 2], (await ReadyAsync(job)).Shards);
        await AbandonAsync(job);
        Assert.Equal(["before.rdb", "native-other-0001.rdb", "staged/restore.rdb"], await ExchangeAsync());
    }
}
