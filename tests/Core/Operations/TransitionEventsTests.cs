using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Fixtures.Operations;
using Microsoft.Extensions.Time.Testing;

namespace CacheBackup.Core.Tests.Operations;

/// <summary>Every transition is told once, however often a step is repeated.</summary>
public sealed class TransitionEventsTests
{
    private static readonly BackupName Name = BackupName.Parse("one");
    private static readonly CacheName Source = CacheName.Parse("source");
    private static readonly FailureCause Failure = new("CacheUnreachableException", "No connection.");

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly MemoryService _service;

    public TransitionEventsTests() => _service = new MemoryService(_time);

    [Fact]
    public async Task A_backup_that_fails_is_told_from_its_start_to_its_end()
    {
        await _service.AddCacheAsync("source");
        Backup backup = await new StartBackup(_service.Parts).RunAsync(new StartBackupRequest(Name, Source, BackupKind.Manual), default);
        BackupJob job = new(backup.Execution, backup.Name, backup.Cache, backup.Generation);
        _time.Advance(TimeSpan.FromSeconds(1));
        await new AbandonBackup(_service.Parts).RunAsync(job, Failure, default);
        _time.Advance(TimeSpan.FromSeconds(1));
        await new AbandonBackup(_service.Parts).RunAsync(job, Failure, default);
        Assert.Equal([EventCode.BackupFailed, EventCode.BackupCreating], await CodesAsync());
    }

    [Fact]
    public async Task A_removal_is_told_and_its_failure_with_the_reason()
    {
        await _service.AddBackupAsync("one", BackupStatus.Available);
        Backup deleting = await new DeleteBackup(_service.Parts).RunAsync(Name, default);
        DeleteJob job = new(deleting.Execution, Name, deleting.Generation);
        RemoveBackup remove = new(_service.Parts);
        await remove.AbandonAsync(job, Failure, default);
        await remove.RemoveObjectsAsync(job, default);
        await remove.RemoveRecordAsync(job, default);
        await remove.RemoveRecordAsync(job, default);
        Assert.Equal(
            [EventCode.BackupDeleteFailed, EventCode.BackupDeleted, EventCode.BackupDeleting],
            (await CodesAsync()).OrderBy(c => c.ToString(), StringComparer.Ordinal).ToArray());
        Assert.Contains(await EventsAsync(CatalogKeys.BackupEvents(Name)), e => e.Message.Contains("No connection.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_registration_that_fails_is_told_and_a_removed_cache_too()
    {
        Cache cache = await new RegisterCache(_service.Parts).RunAsync(
            new RegisterCacheRequest(Source, new CacheAddress { Endpoint = new CacheEndpoint("source.test", 6379) }), default);
        await new ProbeCache(_service.Parts).AbandonAsync(new CacheJob(cache.Operation!.Execution, Source, cache.Generation), Failure, default);
        RemoveCache remove = new(_service.Parts);
        Cache removing = await remove.StartAsync(Source, default);
        await remove.RemoveRecordAsync(new CacheJob(removing.Operation!.Execution, Source, removing.Generation), default);
        EventCode[] told = [.. (await EventsAsync(CatalogKeys.CacheEvents(Source))).Select(e => e.Code)];
        Assert.Equal(4, told.Length);
        Assert.Equivalent(
            new[] { EventCode.CacheRegistering, EventCode.CacheCreateFailed, EventCode.CacheRemoving, EventCode.CacheRemoved }, told);
    }

    private async Task<EventCode[]> CodesAsync() => [.. (await EventsAsync(CatalogKeys.BackupEvents(Name))).Select(e => e.Code)];

    private async Task<List<BackupEvent>> EventsAsync(string list) => await _service.Parts.Events.ListAsync(list, null, default).ToListAsync();
}
