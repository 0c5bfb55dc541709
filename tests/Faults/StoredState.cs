using System.Globalization;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Segments;
using CacheBackup.Core.Snapshots;
using CacheBackup.Core.Storage;

namespace CacheBackup.Faults;

/// <summary>What an object store holds, and whether it may be so; it can be looked at while no host runs.</summary>
public sealed class StoredState(IObjectStore store, BackupCatalog catalog)
{
    private readonly HashSet<BackupId> _whole = [];

    /// <summary>The store in a data directory that no host has open.</summary>
    public static StoredState At(string data)
    {
        DirectoryObjectStore store = DirectoryObjectStore.Open(Path.Combine(data, "store"), TimeProvider.System);
        return new StoredState(store, new BackupCatalog(store, new RandomIds()));
    }

    public ValueTask<Backup[]> BackupsAsync() => catalog.Backups.ListAsync(CatalogKeys.Backups, null, null, CancellationToken.None).ToArrayAsync();

    public ValueTask<Cache[]> CachesAsync() => catalog.Caches.ListAsync(CatalogKeys.Caches, null, null, CancellationToken.None).ToArrayAsync();

    /// <summary>How many objects and open uploads belong to a backup's data.</summary>
    public async Task<int> CountDataAsync(BackupId id) =>
        await store.ListAsync(CatalogKeys.Data(id), null, CancellationToken.None).CountAsync()
        + await store.ListAsync(CatalogKeys.BackupProgress(id), null, CancellationToken.None).CountAsync()
        + await store.ListUploadsAsync(CatalogKeys.Data(id), CancellationToken.None).CountAsync();

    public ValueTask<int> CountUploadsAsync() => store.ListUploadsAsync("data/", CancellationToken.None).CountAsync();

    /// <summary>Invariant 1: whatever is listed as available is whole. Each backup's bytes are read once.</summary>
    public async Task AssertAvailableIsWholeAsync()
    {
        foreach (Backup backup in await BackupsAsync())
        {
            if (backup.Status == BackupStatus.Available && _whole.Add(backup.Id))
            {
                await AssertWholeAsync(backup);
            }
        }
    }

    /// <summary>Invariants 6 and 7: every object of the data belongs to one record.</summary>
    public async Task AssertDataBelongsAsync()
    {
        Backup[] backups = await BackupsAsync();
        Assert.Equal(backups.Length, backups.Select(b => b.Id).Distinct().Count());
        HashSet<string> known = [.. backups.Select(b => CatalogKeys.Data(b.Id))];
        await foreach (ObjectSummary summary in store.ListAsync("data/", null, CancellationToken.None))
        {
            // Whose data would have come is noted before the record is there, and stays when its name is used again: the purge's, after a day.
            if (summary.Key.Value.EndsWith("/owner.json", StringComparison.Ordinal))
            {
                continue;
            }

            Assert.Contains(known, prefix => summary.Key.Value.StartsWith(prefix, StringComparison.Ordinal));
        }
    }

    /// <summary>The manifest's copy, and for each shard the data and its index, byte for byte.</summary>
    private async Task AssertWholeAsync(Backup backup)
    {
        Assert.NotEmpty(backup.Shards);
        Assert.NotNull(await store.HeadAsync(CatalogKeys.ManifestCopy(backup.Id), CancellationToken.None));
        foreach (ShardManifest shard in backup.Shards)
        {
            await using ObjectContent content = await store.GetAsync(shard.IndexKey, null, CancellationToken.None);
            byte[] index = new byte[content.LengthBytes];
            await content.Stream.ReadExactlyAsync(index);
            Assert.True(Sha256Digest.TryParse(shard.ContentDigest, out Sha256Digest contentDigest));
            Sha256Digest? sha256 = null;
            if (shard.Sha256 is { } whole)
            {
                Assert.True(Sha256Digest.TryParse(whole, out Sha256Digest digest));
                sha256 = digest;
            }

            RecordedContent recorded = new(
                shard.SizeBytes, ulong.Parse(shard.Crc64, NumberStyles.HexNumber, CultureInfo.InvariantCulture), contentDigest, sha256);
            VerifyReport report = await new VerifyRun(store, TimeProvider.System)
                .RunAsync(shard.DataKey, SegmentIndex.Read(index), recorded, progress: null, CancellationToken.None);
            Assert.True(report.IsGood, string.Join("; ", report.Findings));
        }
    }
}
