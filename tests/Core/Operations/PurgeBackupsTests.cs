using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Retention;
using CacheBackup.Core.Storage;
using CacheBackup.Core.Tests.Retention;
using CacheBackup.Fixtures.Operations;
using Microsoft.Extensions.Time.Testing;

namespace CacheBackup.Core.Tests.Operations;

/// <summary>Invariant 4 where decisions are carried out.</summary>
public sealed class PurgeBackupsTests
{
    private static readonly DateTimeOffset Day0 = new(2028, 1, 1, 3, 0, 0, TimeSpan.Zero);
    private static readonly CacheName Shop = CacheName.Parse("shop");
    private readonly FakeTimeProvider _time = new(Day0);
    private readonly MemoryService _service;

    public PurgeBackupsTests() => _service = new MemoryService(_time);

    [Fact]
    public async Task Expired_backups_are_deleted_and_told_of_and_the_newest_good_one_stays()
    {
        await AddCacheAsync(days: 7);
        for (int day = 0; day < 4; day++)
        {
            await AddAsync(RetentionSamples.Backup("shop", Day0.AddDays(day)));
        }

        await GoToAsync(Day0.AddDays(40));
        Assert.Equal(3, (await PurgeAsync()).Removed);
        Assert.Equal(0, (await PurgeAsync()).Removed);
        Assert.Equal(
            [BackupStatus.Deleting, BackupStatus.Deleting, BackupStatus.Deleting, BackupStatus.Available], await StatusesAsync());
        Assert.Equal(3, await EventsAsync(EventCode.BackupExpired));
        Assert.Equal(3, _service.Executions.Started.Count(execution => execution.Machine == StateMachines.Delete));
    }

    [Fact]
    public async Task What_is_in_use_stays_and_what_others_own_is_not_looked_at()
    {
        await AddCacheAsync(days: 0);
        Backup used = RetentionSamples.Backup("shop", Day0);
        await AddAsync(used with { Uses = [new BackupUse(UseKind.Restore, new ExecutionId("x"), Day0)] });
        await _service.AddBackupAsync("manual", BackupStatus.Available, "shop");

        // Its name begins like that of the cache, and its own cache keeps it.
        await AddAsync(RetentionSamples.Backup("shop-2028-01", Day0));
        await AddCacheAsync(days: 7, "shop-2028-01");
        await GoToAsync(Day0.AddDays(40));
        Assert.Equal(0, (await PurgeAsync()).Removed);
        RetentionPreview preview = await new PurgeBackups(_service.Parts).PreviewAsync(Shop, default);
        Assert.Equal(RetentionReason.InUse, Assert.Single(preview.Decisions).Reason);
    }

    [Fact]
    public async Task Automatic_backups_of_a_cache_that_is_gone_go_and_manual_ones_stay()
    {
        await SayRemovedAsync(Shop);
        await AddAsync(RetentionSamples.Backup("shop", Day0));
        await AddAsync(RetentionSamples.Backup("shop", Day0.AddDays(1)));
        await _service.AddBackupAsync("manual", BackupStatus.Available, "shop");
        await GoToAsync(Day0.AddDays(1));
        Assert.Equal(2, (await PurgeAsync()).Removed);
        Assert.Equal(BackupStatus.Available, (await _service.Parts.Catalog.Backups.GetAsync(BackupName.Parse("manual"), default)).Status);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(-400)]
    public async Task A_clock_that_jumped_deletes_nothing_and_is_told_of_once(int days)
    {
        await SayRemovedAsync(Shop);
        await AddAsync(RetentionSamples.Backup("shop", Day0));
        await GoToAsync(Day0.AddDays(1));
        DateTimeOffset jumped = Day0.AddDays(days);
        for (int hour = 0; hour < 24; hour++)
        {
            _time.AdjustTime(jumped.AddHours(hour));
            Assert.NotEqual(ClockVerdict.Steady, await new PurgeClock(_service.Parts).LookAsync(default));
            Assert.Equal(0, (await PurgeAsync()).Removed);
            Assert.Equal((string.Empty, true), await LeftoversAsync());
        }

        Assert.Equal(1, await EventsAsync(EventCode.PurgeHeldBack));
        await GoToAsync(jumped.AddHours(24));
        Assert.Equal(1, (await PurgeAsync()).Removed);
    }

    [Fact]
    public async Task Many_caches_are_seen_to_in_parts_each_once()
    {
        int caches = (PurgeBackups.MaxCaches * 2) + 1;
        for (int i = 0; i < caches; i++)
        {
            await _service.Store.PutAsync(CatalogKeys.RemovedCache(CacheName.Parse($"c{i}")), Array.Empty<byte>(), WriteCondition.None, default);
            await AddAsync(RetentionSamples.Backup($"c{i}", Day0) with { Id = new BackupId($"id-{i}") });
        }

        await GoToAsync(Day0.AddDays(1));
        List<int> removed = [];
        PurgeProgress progress = new(string.Empty, false, 0);
        while (!progress.Done)
        {
            progress = await new PurgeBackups(_service.Parts).RunAsync(progress.After, default);
            removed.Add(progress.Removed);
        }

        Assert.Equal([PurgeBackups.MaxCaches, PurgeBackups.MaxCaches, 1], removed);
    }

    [Fact]
    public async Task The_dry_run_changes_nothing_and_knows_caches_that_are_gone()
    {
        await SayRemovedAsync(Shop);
        await AddAsync(RetentionSamples.Backup("shop", Day0));
        await GoToAsync(Day0.AddDays(1));
        RetentionPreview preview = await new PurgeBackups(_service.Parts).PreviewAsync(Shop, default);
        Assert.Equal((ClockVerdict.Steady, RetentionReason.CacheRemoved), (preview.Clock, Assert.Single(preview.Decisions).Reason));
        Assert.Equal([BackupStatus.Available], await StatusesAsync());
        await Assert.ThrowsAsync<NotFoundException>(() => new PurgeBackups(_service.Parts).PreviewAsync(CacheName.Parse("none"), default));
    }

    [Fact]
    public async Task A_cache_of_which_one_record_is_unreadable_keeps_all_its_backups()
    {
        await AddAsync(RetentionSamples.Backup("shop", Day0));
        Backup bad = RetentionSamples.Backup("shop", Day0.AddDays(1));
        await _service.Store.PutAsync(CatalogKeys.Backup(bad.Name), "{}"u8.ToArray(), WriteCondition.None, default);
        await GoToAsync(Day0.AddDays(1));
        Assert.Equal(0, (await PurgeAsync()).Removed);
    }

    [Fact]
    public async Task Deletions_that_broke_off_are_taken_up_again_and_schedules_are_put_in_order()
    {
        Backup backup = await _service.AddBackupAsync("nightly", BackupStatus.Available);
        Backup deleting = await new DeleteBackup(_service.Parts).RunAsync(backup.Name, default);
        await AddCacheAsync(days: 7);
        Cache cache = await _service.Parts.Catalog.Caches.GetAsync(Shop, default);
        await _service.Store.DeleteAsync(CatalogKeys.DueTime(cache.AutomaticBackups!.NextWindow!.Value, Shop), default);
        Assert.Equal(1, await MendAsync());
        Assert.NotNull(await _service.Store.HeadAsync(CatalogKeys.DueTime(cache.AutomaticBackups.NextWindow.Value, Shop), default));
        Assert.Equal(0, await MendAsync());

        _service.Executions.End(deleting.Execution, ExecutionStatus.TimedOut, "States.Timeout", "too long");
        Assert.Equal(2, await MendAsync());
        Backup again = await _service.Parts.Catalog.Backups.GetAsync(backup.Name, default);
        Assert.Null(again.StatusReason);
        Assert.True(again.Generation > deleting.Generation);

        // A clock that was ahead has taken the schedule with it.
        await _service.Parts.Catalog.Caches.ChangeAsync(
            Shop, c => c with { AutomaticBackups = c.AutomaticBackups! with { NextWindow = Day0.AddYears(1) } }, default);
        Assert.Equal(1, await MendAsync());
        Assert.InRange((await _service.Parts.Catalog.Caches.GetAsync(Shop, default)).AutomaticBackups!.NextWindow!.Value, Day0.AddDays(-1), Day0.AddDays(1));
    }

    [Fact]
    public async Task Where_only_the_record_of_a_cache_was_lost_nothing_of_it_goes()
    {
        await AddAsync(RetentionSamples.Backup("shop", Day0));
        await GoToAsync(Day0.AddDays(100));
        Assert.Equal(0, (await PurgeAsync()).Removed);
        RetentionDecision kept = Assert.Single((await new PurgeBackups(_service.Parts).PreviewAsync(Shop, default)).Decisions);
        Assert.Equal((true, RetentionReason.CacheUnknown), (kept.Keep, kept.Reason));
    }

    [Fact]
    public async Task A_cache_of_the_name_of_a_removed_one_begins_anew()
    {
        await SayRemovedAsync(Shop);
        await new RegisterCache(_service.Parts).RunAsync(
            new RegisterCacheRequest(Shop, new CacheAddress { Endpoint = new CacheEndpoint("shop.test", 6379) }), default);
        Assert.Null(await _service.Store.HeadAsync(CatalogKeys.RemovedCache(Shop), default));
    }

    private async Task SayRemovedAsync(CacheName cache)
    {
        await AddCacheAsync(days: 7, cache.Value);
        RemoveCache remove = new(_service.Parts);
        Cache removing = await remove.StartAsync(cache, default);
        await remove.RemoveRecordAsync(new CacheJob(removing.Operation!.Execution, cache, removing.Generation), default);
        Assert.Null(await _service.Parts.Catalog.Caches.FindAsync(cache, default));
    }

    private Task<int> MendAsync() => new MendRecords(_service.Parts).RunAsync(default);

    private Task<PurgeProgress> PurgeAsync() => new PurgeBackups(_service.Parts).RunAsync(string.Empty, default);

    private async Task<(string After, bool Done)> LeftoversAsync()
    {
        PurgeProgress progress = await new PurgeLeftovers(_service.Parts).RunAsync(string.Empty, default);
        return (progress.After, progress.Done);
    }

    /// <summary>Day by day, as the hourly purge would see the clock.</summary>
    private async Task GoToAsync(DateTimeOffset time)
    {
        while (_time.GetUtcNow() < time)
        {
            _time.AdjustTime(_time.GetUtcNow().AddDays(1) < time ? _time.GetUtcNow().AddDays(1) : time);
            await new PurgeClock(_service.Parts).LookAsync(default);
        }

        _time.AdjustTime(time);
        await new PurgeClock(_service.Parts).LookAsync(default);
    }

    private async Task AddCacheAsync(int days, string name = "shop")
    {
        Cache cache = await _service.AddCacheAsync(name);
        await _service.Parts.Catalog.Caches.ChangeAsync(
            cache.Name,
            c => c with { AutomaticBackups = AutomaticBackups.Of(c.Name, new RetentionPolicy { RetentionDays = days }, null, _time.GetUtcNow()) },
            default);
    }

    private async Task AddAsync(Backup backup) => Assert.True(await _service.Parts.Catalog.Backups.TryCreateAsync(backup.Name, backup, default));

    private async Task<BackupStatus[]> StatusesAsync()
    {
        List<BackupStatus> statuses = [];
        await foreach (Backup backup in _service.Parts.Catalog.Backups.ListAsync(CatalogKeys.Backups, null, null, default))
        {
            statuses.Add(backup.Status);
        }

        return [.. statuses];
    }

    private async Task<int> EventsAsync(EventCode code)
    {
        int count = 0;
        await foreach (BackupEvent told in _service.Parts.Events.ListAsync(CatalogKeys.Events, null, default))
        {
            count += told.Code == code ? 1 : 0;
        }

        return count;
    }
}
