using System.Text.Json;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures.Operations;
using Microsoft.Extensions.Time.Testing;

namespace CacheBackup.Core.Tests.Operations;

/// <summary>Invariant 7: what no record claims goes once its execution is over and it is a day old; what a record may claim stays.</summary>
public sealed class PurgeLeftoversTests
{
    private static readonly DateTimeOffset Start = new(2028, 1, 1, 3, 0, 0, TimeSpan.Zero);
    private static readonly BackupId Orphan = new("orphan");
    private readonly FakeTimeProvider _time = new(Start);
    private readonly MemoryService _service;

    public PurgeLeftoversTests() => _service = new MemoryService(_time);

    [Fact]
    public async Task Data_that_nobody_claims_goes_after_a_day_with_its_uploads_and_progress()
    {
        await WriteAsync(Orphan, owner: await EndedAsync());
        await _service.Store.BeginUploadAsync(CatalogKeys.ShardData(Orphan, 1, "cut"), default);
        await _service.Store.PutAsync(CatalogKeys.Progress(CatalogKeys.BackupProgress(Orphan), 1), new byte[1], WriteCondition.None, default);
        await GoAsync(TimeSpan.FromHours(24));
        await PurgeAsync();
        Assert.True(await ExistsAsync(Orphan));
        await GoAsync(TimeSpan.FromSeconds(1));
        await PurgeAsync();
        Assert.False(await ExistsAsync(Orphan));
        Assert.Empty(await KeysAsync(CatalogKeys.BackupProgress(Orphan)));
        await foreach (OpenUpload upload in _service.Store.ListUploadsAsync(string.Empty, default))
        {
            Assert.Fail($"{upload.Key} is still open.");
        }
    }

    [Fact]
    public async Task Data_of_a_running_execution_stays_and_that_of_an_unknown_one_stays_for_eight_days()
    {
        ExecutionId running = await StartedAsync();
        await WriteAsync(Orphan, running);
        BackupId unknown = new("unknown");
        await WriteAsync(unknown, owner: null);
        await GoAsync(TimeSpan.FromDays(7));
        await PurgeAsync();
        Assert.True(await ExistsAsync(Orphan) && await ExistsAsync(unknown));
        _service.Executions.End(running, ExecutionStatus.Aborted);
        await PurgeAsync();
        Assert.True(!await ExistsAsync(Orphan) && await ExistsAsync(unknown));
        await GoAsync(TimeSpan.FromDays(1) + TimeSpan.FromSeconds(1));
        await PurgeAsync();
        Assert.False(await ExistsAsync(unknown));
    }

    [Fact]
    public async Task Data_of_a_record_stays_also_where_its_index_key_is_lost()
    {
        Backup claimed = await _service.AddBackupAsync("claimed", BackupStatus.Available);
        Backup unindexed = await _service.AddBackupAsync("unindexed", BackupStatus.Failed);
        foreach (Backup backup in new[] { claimed, unindexed })
        {
            await WriteAsync(backup.Id, await EndedAsync());
        }

        foreach (string key in await KeysAsync(BackupIndex.OfData(unindexed.Id)))
        {
            await _service.Store.DeleteAsync(new ObjectKey(key), default);
        }

        await GoAsync(TimeSpan.FromDays(30));
        await PurgeAsync();
        Assert.True(await ExistsAsync(claimed.Id) && await ExistsAsync(unindexed.Id));
    }

    [Fact]
    public async Task While_one_record_is_unreadable_no_data_goes()
    {
        await WriteAsync(Orphan, await EndedAsync());
        await _service.Store.PutAsync(CatalogKeys.Backup(BackupName.Parse("bad")), "{}"u8.ToArray(), WriteCondition.None, default);
        await GoAsync(TimeSpan.FromDays(30));
        await PurgeAsync();
        Assert.True(await ExistsAsync(Orphan));
        await _service.Store.DeleteAsync(CatalogKeys.Backup(BackupName.Parse("bad")), default);
        await PurgeAsync();
        Assert.False(await ExistsAsync(Orphan));
    }

    [Fact]
    public async Task Whole_data_whose_record_is_gone_is_kept_for_the_catalog_to_be_rebuilt_from()
    {
        Backup lost = await _service.AddBackupAsync("lost", BackupStatus.Available);
        await WriteAsync(lost.Id, await EndedAsync());
        byte[] manifest = JsonSerializer.SerializeToUtf8Bytes(lost, CatalogJson.Default.Backup);
        await _service.Store.PutAsync(CatalogKeys.ManifestCopy(lost.Id), manifest, WriteCondition.None, default);
        await _service.Parts.Catalog.Backups.RemoveAsync(lost.Name, _ => true, default);
        await GoAsync(TimeSpan.FromDays(30));
        await PurgeAsync();
        Assert.True(await ExistsAsync(lost.Id));

        // The name was taken again, by other data: what the old manifest says can never be true any more.
        Backup next = await _service.AddBackupAsync("lost", BackupStatus.Available);
        Assert.NotEqual(lost.Id, next.Id);
        await PurgeAsync();
        Assert.False(await ExistsAsync(lost.Id));
    }

    [Fact]
    public async Task Uploads_of_a_backup_that_ended_without_them_go_and_those_of_one_in_the_making_stay()
    {
        Backup done = await _service.AddBackupAsync("done", BackupStatus.Failed);
        Backup making = await _service.AddBackupAsync("making", BackupStatus.Creating);
        foreach (Backup backup in new[] { done, making })
        {
            await WriteAsync(backup.Id, await EndedAsync());
            await _service.Store.BeginUploadAsync(CatalogKeys.ShardData(backup.Id, 1, "open"), default);
        }

        await GoAsync(TimeSpan.FromHours(25));
        await PurgeAsync();
        List<string> open = [];
        await foreach (OpenUpload upload in _service.Store.ListUploadsAsync(string.Empty, default))
        {
            open.Add(upload.Key.Value);
        }

        Assert.Equal([CatalogKeys.ShardData(making.Id, 1, "open").Value], open);
    }

    [Fact]
    public async Task Reports_and_progress_of_restores_go_with_their_cache_once_the_restore_is_over()
    {
        await _service.AddCacheAsync("there");
        ObjectKey[] keys =
        [
            CatalogKeys.RestoreLane(CacheName.Parse("there"), 7, 0),
            CatalogKeys.RestoreLane(CacheName.Parse("gone"), 7, 0),
            CatalogKeys.RestoreLane(CacheName.Parse("running"), 7, 0),
            CatalogKeys.Progress(CatalogKeys.RestoreProgress(CacheName.Parse("gone"), 7), 1),
        ];
        foreach (ObjectKey key in keys)
        {
            await _service.Store.PutAsync(key, new byte[1], WriteCondition.None, default);
        }

        await _service.Executions.StartAsync(_service.Executions.IdOf(StateMachines.Restore, "running-7"), "{}"u8.ToArray(), default);
        await GoAsync(TimeSpan.FromHours(25));
        await PurgeAsync();
        Assert.Equal(
            [keys[2].Value, keys[0].Value], [.. await KeysAsync(CatalogKeys.RestoresRoot), .. await KeysAsync(CatalogKeys.RestoresProgressRoot)]);
    }

    [Fact]
    public async Task Events_go_after_two_weeks_and_request_records_after_a_day()
    {
        await _service.Store.PutAsync(new ObjectKey(CatalogKeys.Requests + "abc"), new byte[1], WriteCondition.None, default);
        await _service.Parts.Events.PublishAsync(
            BackupEvent.Of(EventCode.CacheModified, _time.GetUtcNow(), "It was.", CacheName.Parse("shop"), null, null), default);
        await GoAsync(TimeSpan.FromHours(24));
        await PurgeAsync();
        Assert.Single(await KeysAsync(CatalogKeys.Requests));
        await GoAsync(TimeSpan.FromHours(2));
        await PurgeAsync();
        Assert.Empty(await KeysAsync(CatalogKeys.Requests));
        Assert.NotEmpty(await KeysAsync(CatalogKeys.EventsRoot));
        await GoAsync(TimeSpan.FromDays(14));
        await PurgeAsync();
        Assert.Empty(await KeysAsync(CatalogKeys.EventsRoot));
    }

    [Fact]
    public async Task Much_data_is_gone_through_in_parts()
    {
        ExecutionId ended = await EndedAsync();
        for (int i = 0; i < 3; i++)
        {
            BackupId id = new($"orphan-{i}");
            await WriteAsync(id, ended);
            for (int j = 0; j < OrphanedData.MaxObjects / 2; j++)
            {
                await _service.Store.PutAsync(CatalogKeys.ShardIndex(id, j, "a"), new byte[1], WriteCondition.None, default);
            }
        }

        await GoAsync(TimeSpan.FromHours(25));
        OrphanPage first = await new OrphanedData(_service.Parts).FindAsync(string.Empty, default);
        Assert.Equal((2, false), (first.Orphans.Count, first.Done));
        OrphanPage second = await new OrphanedData(_service.Parts).FindAsync(first.After, default);
        Assert.Equal(("orphan-2", true), (Assert.Single(second.Orphans).Value, second.Done));
    }

    private async Task PurgeAsync()
    {
        PurgeProgress progress = new(string.Empty, false, 0);
        for (int calls = 0; !progress.Done; calls++)
        {
            Assert.True(calls < 50, "The purge does not come to an end.");
            progress = await new PurgeLeftovers(_service.Parts).RunAsync(progress.After, default);
        }
    }

    private async Task GoAsync(TimeSpan time)
    {
        for (DateTimeOffset end = _time.GetUtcNow() + time; _time.GetUtcNow() < end;)
        {
            TimeSpan step = end - _time.GetUtcNow();
            _time.Advance(step < TimeSpan.FromDays(1) ? step : TimeSpan.FromDays(1));
            await new PurgeClock(_service.Parts).LookAsync(default);
        }
    }

    private async Task<ExecutionId> StartedAsync()
    {
        ExecutionId id = _service.Executions.IdOf(StateMachines.Backup, _service.Parts.Ids.Next());
        await _service.Executions.StartAsync(id, "{}"u8.ToArray(), default);
        return id;
    }

    private async Task<ExecutionId> EndedAsync()
    {
        ExecutionId id = await StartedAsync();
        _service.Executions.End(id, ExecutionStatus.Failed);
        return id;
    }

    private async Task WriteAsync(BackupId id, ExecutionId? owner)
    {
        await _service.Store.PutAsync(CatalogKeys.ShardData(id, 1, "a"), new byte[1], WriteCondition.None, default);
        if (owner is { } execution)
        {
            await DataOwners.WriteAsync(
                _service.Store, id, new BackupJob(execution, BackupName.Parse("b"), CacheName.Parse("c"), 1), default);
        }
    }

    private async Task<bool> ExistsAsync(BackupId id) => (await KeysAsync(CatalogKeys.Data(id))).Length > 0;

    private async Task<string[]> KeysAsync(string prefix)
    {
        List<string> keys = [];
        await foreach (ObjectSummary summary in _service.Store.ListAsync(prefix, null, default))
        {
            keys.Add(summary.Key.Value);
        }

        return [.. keys];
    }
}
