using CacheBackup.Core.Buckets;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures.Operations;

namespace CacheBackup.Core.Tests.Operations;

public sealed class ExportSequenceTests
{
    private const string File = "monthly-0001.rdb";
    private static readonly BackupName Source = BackupName.Parse("nightly");
    private readonly MemoryService _service = new(TimeProvider.System);

    private MemoryObjectStore Bucket => _service.Buckets.StoreAt("s3://exports/team");

    [Fact]
    public async Task Every_step_taken_twice_ends_as_taken_once_and_the_file_is_the_data()
    {
        ExportJob job = await StartAsync();
        Assert.Equal("exporting", (await BackupAsync()).ShownStatus);
        await Assert.ThrowsAsync<CatalogConflictException>(() => new DeleteBackup(_service.Parts).RunAsync(Source, default));
        for (int twice = 0; twice < 2; twice++)
        {
            Assert.Equal([1], await new CheckExport(_service.Parts).RunAsync(job, default));
            await new ExportShard(_service.Parts).RunAsync(job, 1, default);
        }

        await new CompleteExport(_service.Parts).RunAsync(job, default);
        await new CompleteExport(_service.Parts).RunAsync(job, default);
        await AbandonAsync(job);
        Assert.Equal([File], await FilesAsync());
        Assert.Equal(_service.Caches.Data, await BytesAsync(File));
        Assert.Empty((await BackupAsync()).Uses);
        Assert.Null(await _service.Parts.Catalog.Exports.FindAsync(job.Export, default));
        Assert.Empty(await KeysAsync(_service.Store, "progress/exports/"));
        Assert.Equal([EventCode.BackupExported], await CodesAsync());
    }

    [Fact]
    public async Task Abandon_removes_what_was_written_lets_all_go_and_the_name_can_be_used_again()
    {
        ExportJob job = await StartAsync();
        await new CheckExport(_service.Parts).RunAsync(job, default);
        await new ExportShard(_service.Parts).RunAsync(job, 1, default);
        await AbandonAsync(job);
        await AbandonAsync(job);
        Assert.Empty(await FilesAsync());
        Assert.Empty((await BackupAsync()).Uses);
        await Assert.ThrowsAsync<NoLongerOwnerException>(() => new ExportShard(_service.Parts).RunAsync(job, 1, default));
        Assert.Equal([EventCode.BackupExportFailed], await CodesAsync());
        await new CheckExport(_service.Parts).RunAsync(await StartOnceMoreAsync(), default);
    }

    [Fact]
    public async Task Crash_between_the_file_and_its_record_leaves_a_file_that_is_known_as_ours()
    {
        ExportJob job = await StartAsync();
        await new CheckExport(_service.Parts).RunAsync(job, default);
        await NoteAsync(job, ExportFileState.Writing);
        await PutAsync(File, _service.Caches.Data);
        await new ExportShard(_service.Parts).RunAsync(job, 1, default);
        Assert.Equal(ExportFileState.Written, (await ExportAsync(job)).Files![0].State);

        await NoteAsync(job, ExportFileState.Writing);
        await AbandonAsync(job);
        Assert.Empty(await FilesAsync());
    }

    [Fact]
    public async Task File_that_somebody_else_writes_meanwhile_is_never_touched()
    {
        ExportJob job = await StartAsync();
        await new CheckExport(_service.Parts).RunAsync(job, default);
        await PutAsync(File, [1, 2, 3]);
        await Assert.ThrowsAsync<BucketFileExistsException>(() => new ExportShard(_service.Parts).RunAsync(job, 1, default));
        await Assert.ThrowsAsync<CatalogConflictException>(() => new CompleteExport(_service.Parts).RunAsync(job, default));
        await AbandonAsync(job);
        Assert.Equal(new byte[] { 1, 2, 3 }, await BytesAsync(File));
    }

    [Fact]
    public async Task Two_exports_under_one_name_do_not_run_at_once()
    {
        await StartAsync();
        await Assert.ThrowsAsync<CatalogConflictException>(StartOnceMoreAsync);
        Assert.Single((await BackupAsync()).Uses);
    }

    [Fact]
    public async Task Cut_off_while_it_says_that_it_is_complete_it_is_completed_by_whoever_finds_it()
    {
        ExportJob job = await StartAsync();
        await new CheckExport(_service.Parts).RunAsync(job, default);
        await new ExportShard(_service.Parts).RunAsync(job, 1, default);
        await _service.Parts.Catalog.Exports.ChangeAsync(job.Export, current => current with { IsComplete = true }, default);
        _service.Executions.Forget(job.Execution);
        await new RecoverOperations(_service.Parts).RunAsync(_ => { }, default);
        Assert.Equal([File], await FilesAsync());
        Assert.Equal([EventCode.BackupExported], await CodesAsync());
        Assert.Empty((await BackupAsync()).Uses);
    }

    [Fact]
    public async Task Export_whose_execution_is_gone_is_recovered()
    {
        ExportJob job = await StartAsync();
        _service.Executions.End(job.Execution, ExecutionStatus.TimedOut);
        await new RecoverOperations(_service.Parts).RunAsync(_ => { }, default);
        Assert.Null(await _service.Parts.Catalog.Exports.FindAsync(job.Export, default));
        Assert.Empty((await BackupAsync()).Uses);
    }

    [Fact]
    public async Task Place_that_refuses_for_good_does_not_hold_the_backup_for_ever()
    {
        ExportJob job = await StartAsync();
        await new CheckExport(_service.Parts).RunAsync(job, default);
        await new ExportShard(_service.Parts).RunAsync(job, 1, default);
        _service.Buckets.Wrap = files => new RefusingFiles(files, "find");
        await AbandonAsync(job);
        Assert.Empty((await BackupAsync()).Uses);
        BackupEvent told = await _service.Parts.Events.ListAsync(CatalogKeys.Events, null, default).FirstAsync(e => e.Code == EventCode.BackupExportFailed);
        Assert.Contains("may be left there", told.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CacheEngine.Memcached, false, "Memcached")]
    [InlineData(CacheEngine.Redis, true, "data tiering")]
    public async Task Backups_without_a_plain_file_are_refused(CacheEngine engine, bool tiering, string named)
    {
        await _service.TakeBackupAsync("nightly");
        await _service.Parts.Catalog.Backups.ChangeAsync(
            Source, current => current with { Origin = current.Origin! with { Engine = engine, DataTiering = tiering } }, default);
        CatalogConflictException refused = await Assert.ThrowsAsync<CatalogConflictException>(StartOnceMoreAsync);
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Place_that_is_not_configured_is_refused_with_the_line_to_add()
    {
        await _service.TakeBackupAsync("nightly");
        TargetNotConfiguredException refused = await Assert.ThrowsAsync<TargetNotConfiguredException>(
            () => new StartExport(_service.Parts).RunAsync(new StartExportRequest(Source, "exports-of-others/x", "monthly"), default));
        Assert.Contains("--export-to s3://exports-of-others/x", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_at_the_limit_of_1000_bytes_are_exported_and_longer_ones_refused()
    {
        await _service.TakeBackupAsync("nightly");
        string longest = new('ä', 500);
        Export export = await new StartExport(_service.Parts).RunAsync(new StartExportRequest(Source, "s3://exports/team", longest), default);
        ExportJob job = new(export.Execution, export.Id, export.Generation);
        await new CheckExport(_service.Parts).RunAsync(job, default);
        await new ExportShard(_service.Parts).RunAsync(job, 1, default);
        Assert.Equal([$"{longest}-0001.rdb"], await FilesAsync());
        foreach (string broken in new[] { string.Empty, new string('ä', 501), new string('a', 1001), "a/../b", "half \uD800" })
        {
            await Assert.ThrowsAsync<InvalidRequestException>(
                () => new StartExport(_service.Parts).RunAsync(new StartExportRequest(Source, "s3://exports", broken), default));
        }
    }

    private async Task<ExportJob> StartAsync()
    {
        await _service.TakeBackupAsync("nightly");
        return await StartOnceMoreAsync();
    }

    private async Task<ExportJob> StartOnceMoreAsync()
    {
        Export export = await new StartExport(_service.Parts).RunAsync(new StartExportRequest(Source, "exports/team/", "monthly"), default);
        return new ExportJob(export.Execution, export.Id, export.Generation);
    }

    private Task AbandonAsync(ExportJob job) =>
        new AbandonExport(_service.Parts).RunAsync(job, new FailureCause("Cancelled", "by a test"), default);

    private Task<Export> NoteAsync(ExportJob job, ExportFileState state) =>
        _service.Parts.Catalog.Exports.ChangeAsync(job.Export, current => current.With(1, state), default);

    private Task<Export> ExportAsync(ExportJob job) => _service.Parts.Catalog.Exports.GetAsync(job.Export, default);

    private Task<Backup> BackupAsync() => _service.Parts.Catalog.Backups.GetAsync(Source, default);

    private Task<ObjectTag> PutAsync(string name, byte[] bytes) => Bucket.PutAsync(ObjectKey.OfOthers(name), bytes, WriteCondition.None, default);

    private Task<string[]> FilesAsync() => KeysAsync(Bucket, string.Empty);

    private static async Task<string[]> KeysAsync(MemoryObjectStore store, string prefix) =>
        [.. (await store.ListAsync(prefix, null, default).ToListAsync()).Select(summary => summary.Key.Value)];

    private async Task<byte[]> BytesAsync(string name)
    {
        await using ObjectContent content = await Bucket.GetAsync(ObjectKey.OfOthers(name), null, default);
        byte[] bytes = new byte[content.LengthBytes];
        await content.Stream.ReadExactlyAsync(bytes);
        return bytes;
    }

    private async Task<EventCode[]> CodesAsync() =>
    [
        .. (await _service.Parts.Events.ListAsync(CatalogKeys.Events, null, default).ToListAsync())
            .Select(e => e.Code)
            .Where(code => code is EventCode.BackupExported or EventCode.BackupExportFailed),
    ];
}
