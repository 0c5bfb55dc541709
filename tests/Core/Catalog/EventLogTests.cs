using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures.Operations;
using CacheBackup.Fixtures.Storage;
using Microsoft.Extensions.Time.Testing;

namespace CacheBackup.Core.Tests.Catalog;

public sealed class EventLogTests
{
    private static readonly CacheName Shop = CacheName.Parse("shop");
    private static readonly BackupName Nightly = BackupName.Parse("nightly");

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly MemoryService _service;

    public EventLogTests() => _service = new MemoryService(_time);

    [Fact]
    public async Task An_event_stands_in_the_list_of_all_of_its_cache_and_of_its_backup()
    {
        BackupEvent told = At(0, EventCode.BackupAvailable);
        await _service.Parts.Events.PublishAsync(told, default);
        Assert.Equal(told, Assert.Single(await ListAsync(CatalogKeys.Events)));
        Assert.Equal(told, Assert.Single(await ListAsync(CatalogKeys.CacheEvents(Shop))));
        Assert.Equal(told, Assert.Single(await ListAsync(CatalogKeys.BackupEvents(Nightly))));
        Assert.Empty(await ListAsync(CatalogKeys.CacheEvents(CacheName.Parse("other"))));
    }

    [Fact]
    public async Task Events_come_newest_first_and_go_on_behind_a_marker()
    {
        EventCode[] codes = [EventCode.BackupCreating, EventCode.BackupAvailable, EventCode.BackupDeleting, EventCode.BackupDeleted];
        for (int i = 0; i < codes.Length; i++)
        {
            await _service.Parts.Events.PublishAsync(At(i, codes[i]), default);
        }

        List<BackupEvent> all = await ListAsync(CatalogKeys.Events);
        Assert.Equal(codes.Reverse(), all.Select(e => e.Code));
        Assert.Equal(all[2..], await ListAsync(CatalogKeys.Events, EventLog.MarkerOf(all[1])));
    }

    [Fact]
    public async Task A_second_telling_replaces_the_first()
    {
        await _service.Parts.Events.PublishAsync(At(0, EventCode.BackupAvailable), default);
        await _service.Parts.Events.PublishAsync(At(0, EventCode.BackupAvailable), default);
        Assert.Single(await ListAsync(CatalogKeys.Events));
    }

    [Fact]
    public void Events_of_another_execution_code_or_part_have_another_id()
    {
        BackupEvent one = At(0, EventCode.BackupAvailable);
        Assert.NotEqual(one.Id, At(0, EventCode.BackupFailed).Id);
        Assert.NotEqual(one.Id, BackupEvent.Of(one.Code, one.At, one.Message, one.Cache, one.Backup, new ExecutionId("other")).Id);
        Assert.NotEqual(one.Id, BackupEvent.Of(one.Code, one.At, one.Message, one.Cache, one.Backup, one.Execution, "50 %").Id);
        Assert.Equal(one.Id, At(9, EventCode.BackupAvailable).Id);
    }

    [Fact]
    public async Task After_14_days_an_event_goes_from_every_list()
    {
        await _service.Parts.Events.PublishAsync(At(0, EventCode.BackupCreating), default);
        await _service.Parts.Events.PublishAsync(At(60, EventCode.BackupAvailable), default);
        _time.Advance(EventLog.Kept + TimeSpan.FromSeconds(30));
        Assert.Equal(3, await _service.Parts.Events.ExpireAsync(_time.GetUtcNow(), default));
        Assert.Equal(EventCode.BackupAvailable, Assert.Single(await ListAsync(CatalogKeys.Events)).Code);
        Assert.Single(await ListAsync(CatalogKeys.CacheEvents(Shop)));
    }

    [Fact]
    public async Task An_event_that_cannot_be_read_hides_no_other()
    {
        await _service.Parts.Events.PublishAsync(At(0, EventCode.BackupCreating), default);
        await _service.Store.PutAsync(
            new ObjectKey(CatalogKeys.Events + DescendingTime.KeyOf(_time.GetUtcNow(), "broken")), "{"u8.ToArray(), WriteCondition.None, default);
        Assert.Single(await ListAsync(CatalogKeys.Events));
    }

    [Fact]
    public async Task A_full_store_keeps_nobody_from_going_on_and_one_that_is_away_does()
    {
        MemoryService full = new(_time, inner => new FaultyObjectStore(inner, StoreFault.Always(StoreOperation.Put, StoreFaultKind.Full)));
        await full.Parts.Events.PublishAsync(At(0, EventCode.BackupDeleting), default);
        MemoryService away = new(_time, inner => new FaultyObjectStore(inner, StoreFault.Always(StoreOperation.Put, StoreFaultKind.Timeout)));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => away.Parts.Events.PublishAsync(At(0, EventCode.BackupDeleting), default));
    }

    private async Task<List<BackupEvent>> ListAsync(string list, string? after = null) =>
        await _service.Parts.Events.ListAsync(list, after, default).ToListAsync();

    private BackupEvent At(int seconds, EventCode code) =>
        BackupEvent.Of(code, _time.GetUtcNow().AddSeconds(seconds), "It happened.", Shop, Nightly, new ExecutionId("execution"));
}
