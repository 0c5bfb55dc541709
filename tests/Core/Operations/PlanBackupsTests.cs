using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Retention;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures.Operations;
using CacheBackup.Fixtures.Storage;
using Microsoft.Extensions.Time.Testing;

namespace CacheBackup.Core.Tests.Operations;

public sealed class PlanBackupsTests
{
    private static readonly DateTimeOffset Window = new(2028, 2, 28, 23, 30, 0, TimeSpan.Zero);
    private readonly FakeTimeProvider _time = new(Window.AddHours(-1));
    private readonly CountingObjectStore _counts;
    private readonly MemoryService _service;

    public PlanBackupsTests()
    {
        CountingObjectStore? counts = null;
        _service = new MemoryService(_time, store => counts = new CountingObjectStore(store));
        _counts = counts!;
    }

    [Fact]
    public async Task A_window_that_opens_is_served_by_one_backup_however_many_ticks_come()
    {
        await AddAsync("shop");
        Assert.Equal(0, (await TickAsync()).Due);
        _time.SetUtcNow(Window.AddMinutes(2));
        ScheduleReport[] ticks = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(TickAsync)));
        Assert.Equal(1, ticks.Sum(tick => tick.Started));
        Assert.Equal(1, (await TickAsync()).Running);

        Backup backup = await TakeAsync("shop");
        Assert.Equal("automatic.shop-2028-02-28-23-30", backup.Name.Value);
        Assert.Equal((BackupKind.Automatic, Window), (backup.Kind, backup.WindowStart!.Value));
        Assert.Equal(backup.CreatedAt.AddDays(7), backup.ExpiresAt);
        Assert.Equal(new ScheduleReport(1, 0, 0, 0, 0, 0), await TickAsync());
        Assert.Equal(Window.AddDays(1), await NextAsync("shop"));
        Assert.Equal(0, (await TickAsync()).Due);
        Assert.Single(_service.Executions.Started);
    }

    [Fact]
    public async Task A_tick_reads_only_the_caches_that_are_due()
    {
        for (int i = 0; i < 60; i++)
        {
            await AddAsync($"later-{i}", "12:00-13:00");
        }

        await AddAsync("due");
        _time.SetUtcNow(Window.AddMinutes(1));
        _counts.Reset();
        Assert.Equal(1, (await TickAsync()).Started);

        // One LIST; the due cache and its backup's name, and what starting the backup reads and writes.
        Assert.Equal(1, _counts["LIST"]);
        Assert.InRange(_counts["GET"], 2, 8);
    }

    [Fact]
    public async Task Keys_that_no_record_stands_behind_go_and_do_not_keep_others_from_their_turn()
    {
        await AddAsync("shop");
        for (int i = 0; i < PlanBackups.MaxDue; i++)
        {
            await _service.Store.PutAsync(
                CatalogKeys.DueTime(Window.AddDays(-2), CacheName.Parse($"gone-{i}")), Array.Empty<byte>(), WriteCondition.None, default);
        }

        _time.SetUtcNow(Window.AddMinutes(1));
        Assert.Equal(0, (await TickAsync()).Started);
        Assert.Equal(1, (await TickAsync()).Started);
        Assert.Equal(1, await _service.Store.ListAsync(CatalogKeys.DueTimes, null, default).CountAsync());
    }

    [Fact]
    public async Task A_failed_attempt_is_tried_again_while_the_window_lasts_and_then_told_as_missed_once()
    {
        await AddAsync("shop");
        List<long> generations = [];
        for (int minutes = 0; minutes < 60; minutes += 20)
        {
            _time.SetUtcNow(Window.AddMinutes(minutes));
            Assert.Equal(1, (await TickAsync()).Started);
            Backup backup = await BackupAsync("shop");
            generations.Add(backup.Generation);
            await new AbandonBackup(_service.Parts).RunAsync(JobOf(backup), new FailureCause("CacheAccessDeniedException", "no"), default);
        }

        Assert.Equal(generations.Order().Distinct(), generations);
        _time.SetUtcNow(Window.AddMinutes(60));
        Assert.Equal(1, (await TickAsync()).Missed);
        Assert.Equal(0, (await TickAsync()).Missed);
        BackupEvent missed = Assert.Single(await EventsAsync("shop", EventCode.BackupMissed));
        Assert.Contains("CacheAccessDeniedException: no", missed.Message, StringComparison.Ordinal);
        Assert.Equal(Window.AddDays(1), await NextAsync("shop"));
    }

    [Fact]
    public async Task Every_window_that_passed_while_nothing_ran_is_told_once_and_the_open_one_is_served()
    {
        await AddAsync("shop");
        _time.SetUtcNow(Window.AddDays(5).AddMinutes(10));
        Task<ScheduleReport>[] ticks = [Task.Run(TickAsync), Task.Run(TickAsync), Task.Run(TickAsync)];
        Assert.Equal(1, (await Task.WhenAll(ticks)).Sum(tick => tick.Started));
        IReadOnlyList<BackupEvent> missed = await EventsAsync("shop", EventCode.BackupMissed);
        Assert.Equal(
            Enumerable.Range(0, 5).Select(day => BackupName.Automatic(CacheName.Parse("shop"), Window.AddDays(day))),
            missed.Select(told => told.Backup!.Value).Reverse());
        Assert.Equal(Window.AddDays(5), (await BackupAsync("shop", Window.AddDays(5))).WindowStart);
    }

    [Fact]
    public async Task Twenty_run_at_once_and_the_others_wait_for_the_next_tick()
    {
        for (int i = 0; i < 25; i++)
        {
            await AddAsync($"shop-{i}");
        }

        _time.SetUtcNow(Window.AddMinutes(1));
        Assert.Equal(new ScheduleReport(25, 20, 0, 5, 0, 0), await TickAsync());
        Assert.Equal(new ScheduleReport(25, 0, 20, 5, 0, 0), await TickAsync());
        for (int i = 0; i < 25; i++)
        {
            if ((await CacheAsync($"shop-{i}")).Status == CacheStatus.Snapshotting)
            {
                await TakeAsync($"shop-{i}");
            }
        }

        Assert.Equal(new ScheduleReport(25, 5, 0, 0, 0, 0), await TickAsync());
    }

    [Fact]
    public async Task How_many_run_at_once_is_a_setting()
    {
        await AddAsync("one");
        await AddAsync("two");
        _time.SetUtcNow(Window.AddMinutes(1));
        ScheduleReport report = await new PlanBackups(_service.Parts with { MaxRunning = 1 }).RunAsync(default);
        Assert.Equal(new ScheduleReport(2, 1, 0, 1, 0, 0), report);
    }

    [Fact]
    public async Task A_cache_that_another_job_holds_waits_and_one_that_nobody_holds_any_more_is_taken_back()
    {
        await AddAsync("shop");
        _time.SetUtcNow(Window.AddMinutes(-5));
        Backup manual = await new StartBackup(_service.Parts).RunAsync(
            new StartBackupRequest(BackupName.Parse("by-hand"), CacheName.Parse("shop"), BackupKind.Manual), default);
        _time.SetUtcNow(Window);
        Assert.Equal(0, (await TickAsync()).Started);

        // Its execution is not known at all: it may be about to start, until nobody can still be about to.
        _service.Executions.Forget(manual.Execution);
        _time.SetUtcNow(Window.AddMinutes(5));
        Assert.Equal(0, (await TickAsync()).Started);
        _time.SetUtcNow(Window.AddMinutes(15));
        Assert.Equal(1, (await TickAsync()).Started);
        Assert.Equal(BackupStatus.Failed, (await _service.Parts.Catalog.Backups.GetAsync(BackupName.Parse("by-hand"), default)).Status);
    }

    [Fact]
    public async Task One_unreadable_document_keeps_no_other_cache_from_its_backup()
    {
        await AddAsync("bad");
        await AddAsync("good");
        await _service.Store.PutAsync(CatalogKeys.Cache(CacheName.Parse("bad")), "{}"u8.ToArray(), WriteCondition.None, default);
        _time.SetUtcNow(Window);
        ScheduleReport report = await TickAsync();
        Assert.Equal((1, 1), (report.Started, report.Unreadable));
    }

    [Fact]
    public async Task With_automatic_backups_off_a_cache_is_never_due()
    {
        await AddAsync("shop");
        await new ModifyCache(_service.Parts).RunAsync(CacheName.Parse("shop"), new ModifyCacheRequest(0, null, null), default);
        _time.SetUtcNow(Window.AddDays(3));
        Assert.Equal(0, (await TickAsync()).Due);
        Cache on = await new ModifyCache(_service.Parts).RunAsync(CacheName.Parse("shop"), new ModifyCacheRequest(3, null, null), default);
        Assert.Equal(Window.AddDays(3), on.AutomaticBackups!.NextWindow);
        Assert.Equal(1, (await TickAsync()).Started);
    }

    [Fact]
    public async Task A_cache_whose_backup_cannot_be_started_holds_up_neither_the_others_nor_the_tick()
    {
        await AddAsync("shop");
        _time.SetUtcNow(Window.AddMinutes(2));
        _service.Executions.StartFailure = new PermanentException("refused");
        Assert.Equal(new ScheduleReport(1, 0, 0, 1, 0, 0), await TickAsync());
        Assert.Equal(CacheStatus.Available, (await _service.Parts.Catalog.Caches.GetAsync(CacheName.Parse("shop"), default)).Status);

        _service.Executions.StartFailure = null;
        Assert.Equal(1, (await TickAsync()).Started);
    }

    private Task<ScheduleReport> TickAsync() => new PlanBackups(_service.Parts).RunAsync(default);

    private async Task AddAsync(string name, string window = "23:30-00:30")
    {
        Cache cache = await _service.AddCacheAsync(name);
        await _service.Parts.Catalog.Caches.ChangeAsync(
            cache.Name,
            current => current with
            {
                AutomaticBackups = AutomaticBackups.Of(
                    cache.Name, new RetentionPolicy { RetentionDays = 7 }, BackupWindow.Parse(window), _time.GetUtcNow()),
            },
            default);
    }

    private async Task<Backup> TakeAsync(string cache)
    {
        Backup backup = await BackupAsync(cache);
        await new SnapshotShard(_service.Parts).RunAsync(JobOf(backup), 1, default);
        _service.Executions.End(backup.Execution, ExecutionStatus.Succeeded);
        return await new CompleteBackup(_service.Parts).RunAsync(JobOf(backup), default);
    }

    private Task<Cache> CacheAsync(string name) => _service.Parts.Catalog.Caches.GetAsync(CacheName.Parse(name), default);

    private Task<Backup> BackupAsync(string cache, DateTimeOffset? window = null) =>
        _service.Parts.Catalog.Backups.GetAsync(BackupName.Automatic(CacheName.Parse(cache), window ?? Window), default);

    private async Task<DateTimeOffset?> NextAsync(string name) => (await CacheAsync(name)).AutomaticBackups!.NextWindow;

    private async Task<IReadOnlyList<BackupEvent>> EventsAsync(string cache, EventCode code)
    {
        List<BackupEvent> events = [];
        await foreach (BackupEvent told in _service.Parts.Events.ListAsync(CatalogKeys.CacheEvents(CacheName.Parse(cache)), null, default))
        {
            events.Add(told);
        }

        return [.. events.Where(told => told.Code == code)];
    }

    private static BackupJob JobOf(Backup backup) => new(backup.Execution, backup.Name, backup.Cache, backup.Generation);
}
