using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Retention;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures.Operations;
using Microsoft.Extensions.Time.Testing;

namespace CacheBackup.Core.Tests.Operations;

/// <summary>A backup that is locked is neither deleted nor purged, by its record and by the store itself.</summary>
public sealed class BackupLockTests
{
    private const int Days = 30;
    private static readonly DateTimeOffset Start = new(2028, 1, 1, 3, 0, 0, 500, TimeSpan.Zero);
    private static readonly CacheName Source = CacheName.Parse("source");
    private readonly FakeTimeProvider _time = new(Start);
    private readonly MemoryService _service;
    private readonly ServiceParts _parts;

    public BackupLockTests()
    {
        _service = new MemoryService(_time);
        _parts = _service.Parts with { Lock = new BackupLock(_service.Store, Days) };
    }

    [Fact]
    public async Task Manual_backup_is_locked_for_the_days_of_the_setting_whole_with_its_manifest()
    {
        Backup backup = await TakeAsync("manual", BackupKind.Manual);

        Assert.Equal(new DateTimeOffset(2028, 1, 31, 3, 0, 0, TimeSpan.Zero), backup.LockedUntil);
        ObjectKey[] locked = [.. backup.Shards.SelectMany(s => new[] { s.DataKey, s.IndexKey }), CatalogKeys.ManifestCopy(backup.Id)];
        Assert.NotEmpty(backup.Shards);
        foreach (ObjectKey key in locked)
        {
            Assert.Equal(backup.LockedUntil, (await Assert.ThrowsAsync<ObjectLockedException>(() => _service.Store.DeleteAsync(key, default))).Until);
        }
    }

    [Fact]
    public async Task Automatic_backup_is_locked_until_it_expires()
    {
        Backup backup = await TakeAsync("automatic", BackupKind.Automatic);

        Assert.NotNull(backup.ExpiresAt);
        Assert.Equal(backup.ExpiresAt.Value.ToUnixTimeSeconds(), backup.LockedUntil!.Value.ToUnixTimeSeconds());
    }

    [Fact]
    public async Task Without_the_setting_nothing_is_locked()
    {
        Backup backup = await TakeAsync("plain", BackupKind.Manual, _service.Parts);

        Assert.Null(backup.LockedUntil);
        await _service.Store.DeleteAsync(backup.Shards[0].DataKey, default);
    }

    [Fact]
    public async Task Deletion_is_refused_with_the_date_until_then_and_done_after()
    {
        Backup backup = await TakeAsync("manual", BackupKind.Manual);
        _time.SetUtcNow(backup.LockedUntil!.Value.AddSeconds(-1));

        CatalogConflictException refusal = await Assert.ThrowsAsync<CatalogConflictException>(() => new DeleteBackup(_parts).RunAsync(backup.Name, default));

        Assert.Contains("2028-01-31 03:00:00Z", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(BackupStatus.Available, (await _parts.Catalog.Backups.GetAsync(backup.Name, default)).Status);

        _time.SetUtcNow(backup.LockedUntil.Value);
        Backup deleting = await new DeleteBackup(_parts).RunAsync(backup.Name, default);
        DeleteJob job = new(deleting.Execution, deleting.Name, deleting.Generation);
        await new RemoveBackup(_parts).RemoveObjectsAsync(job, default);
        await new RemoveBackup(_parts).RemoveRecordAsync(job, default);
        Assert.Null(await _parts.Catalog.Backups.FindAsync(backup.Name, default));
    }

    [Theory]
    [InlineData(-1, RetentionReason.Locked)]
    [InlineData(0, RetentionReason.CacheRemoved)]
    public void Purge_keeps_what_is_locked(int secondsAfter, RetentionReason reason)
    {
        Backup backup = Retention.RetentionSamples.Backup("shop", Start) with { LockedUntil = Start.AddDays(90) };

        RetentionDecision decision = Assert.Single(
            RetentionRules.Decide([backup], policy: null, Start.AddDays(90).AddSeconds(secondsAfter), ClockVerdict.Steady));

        Assert.Equal((reason == RetentionReason.Locked, reason), (decision.Keep, decision.Reason));
    }

    private async Task<Backup> TakeAsync(string name, BackupKind kind, ServiceParts? parts = null)
    {
        parts ??= _parts;
        await _service.AddCacheAsync(Source.Value);
        if (kind == BackupKind.Automatic)
        {
            await parts.Catalog.Caches.ChangeAsync(
                Source,
                cache => cache with { AutomaticBackups = AutomaticBackups.Of(Source, new RetentionPolicy { RetentionDays = 7 }, null, Start) },
                default);
        }

        BackupName backupName = kind == BackupKind.Automatic ? BackupName.Automatic(Source, Start) : BackupName.Parse(name);
        Backup backup = await new StartBackup(parts).RunAsync(new StartBackupRequest(backupName, Source, kind), default);
        BackupJob job = new(backup.Execution, backup.Name, backup.Cache, backup.Generation);
        await new BeginBackup(parts).RunAsync(job, default);
        await new SnapshotShard(parts).RunAsync(job, 1, default);
        return await new CompleteBackup(parts).RunAsync(job, default);
    }
}
