using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures.Operations;
using Microsoft.Extensions.Time.Testing;

namespace CacheBackup.Core.Tests.Operations;

public sealed class StartBackupTests
{
    // The clock stands still: requests that race come to the same generation.
    private readonly MemoryService _service = new(new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56)));

    [Fact]
    public async Task A_start_takes_the_cache_reserves_the_name_and_starts_one_execution()
    {
        await _service.AddCacheAsync("source");
        Backup backup = await StartAsync("nightly", "source");
        Cache cache = await CacheAsync("source");
        Assert.Equal(CacheStatus.Snapshotting, cache.Status);
        Assert.True(cache.IsHeldBy(backup.Execution, backup.Generation));
        Assert.Equal(BackupStatus.Creating, (await BackupAsync("nightly")).Status);
        Assert.Equal([new Tag("team", "one")], backup.Tags);
        Assert.Equal(backup.Execution, Assert.Single(_service.Executions.Started).Id);
    }

    [Fact]
    public async Task Of_16_racing_starts_of_one_name_one_wins_and_nothing_harms_it()
    {
        await _service.AddCacheAsync("source");
        Backup?[] results = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => TryStartAsync("nightly", "source"))));
        Backup winner = Assert.Single(results, b => b is not null)!;
        Assert.Equal(BackupStatus.Creating, (await BackupAsync("nightly")).Status);
        Assert.True((await CacheAsync("source")).IsHeldBy(winner.Execution, winner.Generation));
    }

    [Fact]
    public async Task Of_racing_starts_of_one_name_from_two_caches_one_wins_and_the_other_cache_is_given_back()
    {
        await _service.AddCacheAsync("left");
        await _service.AddCacheAsync("right");
        Backup?[] results = await Task.WhenAll(
            Task.Run(() => TryStartAsync("nightly", "left")), Task.Run(() => TryStartAsync("nightly", "right")));
        Backup winner = Assert.Single(results, b => b is not null)!;
        Assert.Equal(winner.Cache, (await BackupAsync("nightly")).Cache);
        Assert.Equal(BackupStatus.Creating, (await BackupAsync("nightly")).Status);
        string loser = winner.Cache.Value == "left" ? "right" : "left";
        Cache given = await CacheAsync(loser);
        Assert.Equal(CacheStatus.Available, given.Status);
        Assert.Null(given.Operation);
    }

    [Fact]
    public async Task A_busy_cache_and_a_taken_name_are_refused_and_left_as_they_are()
    {
        await _service.AddCacheAsync("source");
        Backup first = await StartAsync("nightly", "source");
        await Assert.ThrowsAsync<CatalogConflictException>(() => StartAsync("other", "source"));
        await _service.AddCacheAsync("second");
        await Assert.ThrowsAsync<CatalogConflictException>(() => StartAsync("nightly", "second"));
        Assert.Equal(first.Id, (await BackupAsync("nightly")).Id);
        Assert.Equal(CacheStatus.Available, (await CacheAsync("second")).Status);
        await Assert.ThrowsAsync<NotFoundException>(() => BackupAsync("other"));
    }

    [Fact]
    public async Task A_start_that_fails_is_abandoned_and_its_name_starts_again_as_another_generation_with_other_keys()
    {
        await _service.AddCacheAsync("source");
        _service.Executions.StartFailure = new StoreUnavailableException("planned");
        await Assert.ThrowsAsync<StoreUnavailableException>(() => StartAsync("nightly", "source"));
        Backup failed = await BackupAsync("nightly");
        Assert.Equal(BackupStatus.Failed, failed.Status);
        Assert.Contains("planned", failed.StatusReason, StringComparison.Ordinal);
        Cache given = await CacheAsync("source");
        Assert.Equal(CacheStatus.Available, given.Status);
        Assert.Null(given.Operation);

        _service.Executions.StartFailure = null;
        Backup again = await StartAsync("nightly", "source");
        Assert.NotEqual(failed.Id, again.Id);
        Assert.True(again.Generation > failed.Generation);
        Assert.Null((await BackupAsync("nightly")).StatusReason);
    }

    private Task<Backup> StartAsync(string name, string cache) => new StartBackup(_service.Parts).RunAsync(
        new StartBackupRequest(BackupName.Parse(name), CacheName.Parse(cache), BackupKind.Manual), default);

    private async Task<Backup?> TryStartAsync(string name, string cache)
    {
        try
        {
            return await StartAsync(name, cache);
        }
        catch (CatalogConflictException)
        {
            return null;
        }
    }

    private Task<Cache> CacheAsync(string name) => _service.Parts.Catalog.Caches.GetAsync(CacheName.Parse(name), default);

    private Task<Backup> BackupAsync(string name) => _service.Parts.Catalog.Backups.GetAsync(BackupName.Parse(name), default);
}
