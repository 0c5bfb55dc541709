using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Retention;
using CacheBackup.Fixtures.Operations;
using Microsoft.Extensions.Time.Testing;

namespace CacheBackup.Core.Tests.Operations;

public sealed class ModifyCacheTests
{
    private static readonly CacheName Shop = CacheName.Parse("shop");
    private static readonly DateTimeOffset Noon = new(2028, 2, 28, 12, 0, 0, TimeSpan.Zero);
    private readonly MemoryService _service = new(new FakeTimeProvider(Noon));

    [Fact]
    public async Task Without_a_window_one_is_assigned_and_a_named_one_takes_its_place()
    {
        await _service.AddCacheAsync("shop");
        AutomaticBackups assigned = await ModifyAsync(new ModifyCacheRequest(7, null, null));
        Assert.Equal((BackupWindow.AssignedTo(Shop), true), (assigned.Window, assigned.WindowAssigned));
        AutomaticBackups named = await ModifyAsync(new ModifyCacheRequest(null, BackupWindow.Parse("23:30-00:30"), null));
        Assert.Equal((7, "23:30-00:30", false), (named.RetentionDays, named.Window.Value, named.WindowAssigned));
        Assert.Equal(Noon.AddHours(11.5), named.NextWindow);
        AutomaticBackups later = await ModifyAsync(new ModifyCacheRequest(35, null, new RetentionPlan { Monthly = 3 }));
        Assert.Equal((35, "23:30-00:30", 3), (later.RetentionDays, later.Window.Value, later.Keep!.Monthly));
        Assert.NotNull(await _service.Store.HeadAsync(CatalogKeys.DueTime(Noon.AddHours(11.5), Shop), default));
        Assert.Null(await _service.Store.HeadAsync(CatalogKeys.DueTime(assigned.NextWindow!.Value, Shop), default));
    }

    [Fact]
    public async Task A_change_of_days_leaves_the_schedule_where_it_stands()
    {
        await _service.AddCacheAsync("shop");
        await ModifyAsync(new ModifyCacheRequest(7, BackupWindow.Parse("11:30-12:30"), null));
        DateTimeOffset served = Noon.AddDays(1).AddMinutes(-30);
        await _service.Parts.Catalog.Caches.ChangeAsync(
            Shop, c => c with { AutomaticBackups = c.AutomaticBackups! with { NextWindow = served } }, default);
        Assert.Equal(served, (await ModifyAsync(new ModifyCacheRequest(8, null, null))).NextWindow);
        Assert.Null((await ModifyAsync(new ModifyCacheRequest(0, null, null))).NextWindow);
    }

    [Fact]
    public async Task What_cannot_be_is_refused()
    {
        await _service.AddCacheAsync("shop");
        await Assert.ThrowsAsync<InvalidRequestException>(() => ModifyAsync(new ModifyCacheRequest(null, BackupWindow.Parse("01:00-02:00"), null)));
        await Assert.ThrowsAsync<InvalidRequestException>(() => ModifyAsync(new ModifyCacheRequest(36, null, null)));
        await Assert.ThrowsAsync<NotFoundException>(
            () => new ModifyCache(_service.Parts).RunAsync(CacheName.Parse("none"), new ModifyCacheRequest(1, null, null), default));
        await new StartBackup(_service.Parts).RunAsync(new StartBackupRequest(BackupName.Parse("b"), Shop, BackupKind.Manual), default);
        CatalogConflictException busy = await Assert.ThrowsAsync<CatalogConflictException>(() => ModifyAsync(new ModifyCacheRequest(1, null, null)));
        Assert.Contains("held by a backup of backup b", busy.Message, StringComparison.Ordinal);
    }

    private async Task<AutomaticBackups> ModifyAsync(ModifyCacheRequest request) =>
        (await new ModifyCache(_service.Parts).RunAsync(Shop, request, default)).AutomaticBackups!;
}
