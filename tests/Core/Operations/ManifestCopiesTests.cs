using System.Text.Json;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures.Operations;

namespace CacheBackup.Core.Tests.Operations;

public sealed class ManifestCopiesTests
{
    private static readonly BackupName Name = BackupName.Parse("one");

    private readonly MemoryService _service = new(TimeProvider.System);

    [Fact]
    public async Task An_older_revision_never_replaces_a_newer_one()
    {
        Backup backup = await _service.AddBackupAsync("one", BackupStatus.Available);
        await ManifestCopies.WriteAsync(_service.Parts, backup with { Revision = 7, StatusReason = "newer" }, default);
        await ManifestCopies.WriteAsync(_service.Parts, backup with { Revision = 6, StatusReason = "older" }, default);
        Assert.Equal("newer", (await CopyAsync(backup))!.StatusReason);
        await ManifestCopies.WriteAsync(_service.Parts, backup with { Revision = 8, StatusReason = "newest" }, default);
        Assert.Equal("newest", (await CopyAsync(backup))!.StatusReason);
    }

    [Fact]
    public async Task Of_racing_writers_the_newest_revision_stays()
    {
        Backup backup = await _service.AddBackupAsync("one", BackupStatus.Available);
        await Task.WhenAll(Enumerable.Range(1, 12).Select(i => Task.Run(() =>
            ManifestCopies.WriteAsync(_service.Parts, backup with { Revision = i }, default))));
        Assert.Equal(12, (await CopyAsync(backup))!.Revision);
    }

    [Fact]
    public async Task The_copy_of_what_is_not_listed_goes_and_of_what_is_stays()
    {
        Backup listed = await _service.AddBackupAsync("one", BackupStatus.Available);
        Backup abandoned = listed with { Id = new BackupId("abandoned") };
        await ManifestCopies.WriteAsync(_service.Parts, listed, default);
        await ManifestCopies.WriteAsync(_service.Parts, abandoned, default);
        await ManifestCopies.RemoveUnlessListedAsync(_service.Parts, listed, default);
        await ManifestCopies.RemoveUnlessListedAsync(_service.Parts, abandoned, default);
        Assert.NotNull(await CopyAsync(listed));
        Assert.Null(await CopyAsync(abandoned));
        await _service.Parts.Catalog.Backups.ChangeAsync(Name, b => b.To(BackupStatus.Deleting, TimeProvider.System.GetUtcNow()), default);
        await ManifestCopies.RemoveUnlessListedAsync(_service.Parts, listed, default);
        Assert.Null(await CopyAsync(listed));
    }

    private async Task<Backup?> CopyAsync(Backup backup)
    {
        try
        {
            await using ObjectContent content = await _service.Store.GetAsync(CatalogKeys.ManifestCopy(backup.Id), null, default);
            return await JsonSerializer.DeserializeAsync(content.Stream, CatalogJson.Default.Backup);
        }
        catch (ObjectNotFoundException)
        {
            return null;
        }
    }
}
