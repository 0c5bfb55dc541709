using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Restores;
using CacheBackup.Fixtures.Operations;

namespace CacheBackup.Core.Tests.Operations;

public sealed class DownloadBackupTests
{
    private static readonly BackupName Name = BackupName.Parse("nightly");
    private readonly MemoryService _service = new(TimeProvider.System);

    private ServiceParts Parts => _service.Parts with { Downloads = new NotedDownloads() };

    [Fact]
    public async Task Link_names_the_file_and_is_good_for_15_minutes()
    {
        Backup backup = await _service.TakeBackupAsync("nightly");
        BackupDownload download = await new DownloadBackup(Parts).RunAsync(Name, null, null, default);
        Assert.Equal("nightly-0001.rdb", download.FileName);
        Assert.Equal(backup.Shards[0].DataKey, download.Shard.DataKey);
        Assert.InRange(download.ExpiresAt - TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(14), DownloadBackup.Validity);
        Assert.Equal(1, (await new DownloadBackup(Parts).RunAsync(Name, 1, null, default)).Shard.Number);
        await Assert.ThrowsAsync<NotFoundException>(() => new DownloadBackup(Parts).RunAsync(Name, 2, null, default));
    }

    [Fact]
    public async Task Of_several_files_one_has_to_be_named()
    {
        await _service.TakeBackupAsync("nightly");
        await ChangeAsync(current => current with { Shards = [current.Shards[0], current.Shards[0] with { Number = 2 }] });
        await Assert.ThrowsAsync<InvalidRequestException>(() => new DownloadBackup(Parts).RunAsync(Name, null, null, default));
        Assert.Equal("nightly-0002.rdb", (await new DownloadBackup(Parts).RunAsync(Name, 2, null, default)).FileName);
    }

    [Fact]
    public async Task Memcached_damage_and_lost_files_are_refused()
    {
        Backup backup = await _service.TakeBackupAsync("nightly");
        await ChangeAsync(current => current with { Origin = current.Origin! with { Engine = CacheEngine.Memcached } });
        await Assert.ThrowsAsync<CatalogConflictException>(() => new DownloadBackup(Parts).RunAsync(Name, null, null, default));
        await ChangeAsync(current => current with { Origin = backup.Origin });
        await _service.Store.DeleteAsync(backup.Shards[0].DataKey, default);
        await Assert.ThrowsAsync<BackupDamagedException>(() => new DownloadBackup(Parts).RunAsync(Name, null, null, default));
        await ChangeAsync(current => current.To(BackupStatus.Damaged, TimeProvider.System.GetUtcNow()));
        await Assert.ThrowsAsync<CatalogConflictException>(() => new DownloadBackup(Parts).RunAsync(Name, null, null, default));
    }

    private Task<Backup> ChangeAsync(Func<Backup, Backup> change) => _service.Parts.Catalog.Backups.ChangeAsync(Name, change, default);

    private sealed class NotedDownloads : IDownloads
    {
        public Task<Uri> LinkAsync(DownloadSubject subject, DateTimeOffset expiresAt, CancellationToken cancellationToken) =>
            Task.FromResult(new Uri($"http://test/{subject.FileName}"));
    }
}
