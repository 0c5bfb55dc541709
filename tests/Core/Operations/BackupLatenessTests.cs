using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Retention;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures.Operations;
using CacheBackup.Fixtures.Storage;
using Microsoft.Extensions.Time.Testing;

namespace CacheBackup.Core.Tests.Operations;

/// <summary>The number by which an alarm knows that backups no longer come as the policy wants them.</summary>
public sealed class BackupLatenessTests
{
    private static readonly DateTimeOffset Window = new(2028, 2, 28, 23, 30, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset End = Window.AddHours(1);
    private readonly FakeTimeProvider _time = new(Window.AddHours(-1));
    private readonly CountingObjectStore _counts;
    private readonly MemoryService _service;

    public BackupLatenessTests()
    {
        CountingObjectStore? counts = null;
        _service = new MemoryService(_time, store => counts = new CountingObjectStore(store));
        _counts = counts!;
    }

    [Fact]
    public async Task Where_none_is_behind_every_tick_says_zero()
    {
        Assert.Equal(TimeSpan.Zero, await TickAsync(Window.AddHours(-1)));
        await AddAsync("shop");
        Assert.Equal(TimeSpan.Zero, await TickAsync(Window.AddMinutes(-1)));
        Assert.Equal(TimeSpan.Zero, await TickAsync(Window.AddMinutes(1)));
        await TakeAsync("shop", Window);
        Assert.Equal(TimeSpan.Zero, await TickAsync(Window.AddHours(20)));
    }

    [Fact]
    public async Task Backup_that_still_runs_when_its_window_is_over_is_late()
    {
        await AddAsync("shop");
        await TickAsync(Window.AddMinutes(1));
        Assert.Equal(TimeSpan.FromMinutes(25), await TickAsync(End.AddMinutes(25)));
        await TakeAsync("shop", Window);
        Assert.Equal(TimeSpan.Zero, await TickAsync(End.AddMinutes(30)));
    }

    [Fact]
    public async Task Missed_window_counts_from_its_end_until_a_later_one_is_served()
    {
        await AddAsync("shop");
        Assert.Equal(TimeSpan.FromMinutes(5), await TickAsync(End.AddMinutes(5)));
        Assert.Equal(TimeSpan.FromHours(20), await TickAsync(End.AddHours(20)));

        // The next one is missed, too: the first one counts.
        Assert.Equal(TimeSpan.FromHours(30), await TickAsync(End.AddHours(30)));
        await TickAsync(Window.AddDays(2).AddMinutes(1));
        await TakeAsync("shop", Window.AddDays(2));
        Assert.Equal(TimeSpan.Zero, await TickAsync(Window.AddDays(2).AddMinutes(5)));
        Assert.Empty(await BehindKeysAsync());
    }

    [Fact]
    public async Task Worst_of_all_caches_is_told()
    {
        await AddAsync("first");
        await TickAsync(End.AddHours(2));
        await AddAsync("second", "02:00-03:00");
        Assert.Equal(TimeSpan.FromHours(10), await TickAsync(End.AddHours(10)));
        await AddAsync("third", "12:00-13:00");
        Assert.Equal(TimeSpan.FromHours(20), await TickAsync(End.AddHours(20)));
    }

    [Fact]
    public async Task Change_of_the_window_does_not_make_up_for_a_missed_one_and_switching_off_does()
    {
        await AddAsync("shop");
        await TickAsync(End.AddHours(2));
        ModifyCache modify = new(_service.Parts);
        await modify.RunAsync(CacheName.Parse("shop"), new ModifyCacheRequest(7, BackupWindow.Parse("12:00-13:00"), null), default);
        Assert.Equal(TimeSpan.FromHours(3), await TickAsync(End.AddHours(3)));
        await modify.RunAsync(CacheName.Parse("shop"), new ModifyCacheRequest(0, null, null), default);
        Assert.Equal(TimeSpan.Zero, await TickAsync(End.AddHours(4)));
        Assert.Empty(await BehindKeysAsync());
    }

    [Fact]
    public async Task Cache_whose_record_cannot_be_read_counts_as_behind()
    {
        await AddAsync("bad");
        await _service.Store.PutAsync(CatalogKeys.Cache(CacheName.Parse("bad")), "{}"u8.ToArray(), WriteCondition.None, default);
        Assert.Equal(TimeSpan.FromHours(2), await TickAsync(Window.AddHours(2)));
    }

    [Fact]
    public async Task Key_that_no_record_stands_behind_rings_no_alarm_and_goes_once_it_is_old()
    {
        CacheName gone = CacheName.Parse("gone");
        await AddAsync("shop");
        await _service.Store.PutAsync(CatalogKeys.BehindTime(Window.AddDays(-3), gone), Array.Empty<byte>(), WriteCondition.None, default);
        Assert.Equal(TimeSpan.Zero, await TickAsync(Window.AddMinutes(-1)));
        Assert.Single(await BehindKeysAsync());
        Assert.Equal(TimeSpan.FromHours(3), await TickAsync(End.AddHours(3)));
        Assert.Equal([CatalogKeys.BehindTime(End, CacheName.Parse("shop"))], await BehindKeysAsync());
    }

    [Fact]
    public async Task Lost_key_is_written_again_by_the_purge()
    {
        await AddAsync("shop");
        await TickAsync(End.AddHours(2));
        await _service.Store.DeleteAsync(CatalogKeys.BehindTime(End, CacheName.Parse("shop")), default);
        Assert.Equal(TimeSpan.Zero, await TickAsync(End.AddHours(3)));
        await new MendRecords(_service.Parts).RunAsync(default);
        Assert.Equal(TimeSpan.FromHours(4), await TickAsync(End.AddHours(4)));
    }

    [Fact]
    public async Task Tick_lists_once_however_many_are_behind()
    {
        for (int i = 0; i < 30; i++)
        {
            await AddAsync($"shop-{i}");
        }

        await TickAsync(End.AddHours(2));
        _counts.Reset();
        Assert.Equal(TimeSpan.FromHours(3), await TickAsync(End.AddHours(3)));
        Assert.Equal(1, _counts["LIST"]);
        Assert.InRange(_counts["GET"], 1, 3);
    }

    private async Task<TimeSpan> TickAsync(DateTimeOffset at)
    {
        _time.SetUtcNow(at);
        _service.Metrics.Clear();
        await new PlanBackups(_service.Parts).RunAsync(default);
        return TimeSpan.FromSeconds(Assert.Single(_service.Metrics[Metric.WorstBackupLateness]));
    }

    private async Task<ObjectKey[]> BehindKeysAsync()
    {
        List<ObjectKey> keys = [];
        await foreach (ObjectSummary summary in _service.Store.ListAsync(CatalogKeys.DueTimes, null, default))
        {
            if (CatalogKeys.ParseBehindTime(summary.Key) is not null)
            {
                keys.Add(summary.Key);
            }
        }

        return [.. keys];
    }

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

    private async Task TakeAsync(string cache, DateTimeOffset window)
    {
        Backup backup = await _service.Parts.Catalog.Backups.GetAsync(BackupName.Automatic(CacheName.Parse(cache), window), default);
        BackupJob job = new(backup.Execution, backup.Name, backup.Cache, backup.Generation);
        await new SnapshotShard(_service.Parts).RunAsync(job, 1, default);
        _service.Executions.End(backup.Execution, ExecutionStatus.Succeeded);
        await new CompleteBackup(_service.Parts).RunAsync(job, default);
    }
}
