using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Catalog;

/// <summary>The catalog: JSON documents in the object store, changed only by conditional writes. There is no other database.</summary>
public sealed class BackupCatalog(IObjectStore store, IIdSource ids)
{
    public CatalogShelf<BackupName, Backup> Backups { get; } =
        new(store, ids, CatalogKeys.Backup, BackupIndex.KeysOf, CatalogJson.Default.Backup);

    public CatalogShelf<CacheName, Cache> Caches { get; } = new(store, ids, CatalogKeys.Cache, DueKeysOf, CatalogJson.Default.Cache);

    /// <summary>The exports that run.</summary>
    public CatalogShelf<ExportId, Export> Exports { get; } = new(store, ids, CatalogKeys.Export, _ => [], CatalogJson.Default.Export);

    /// <summary>The exports of native snapshots that are under way.</summary>
    public CatalogShelf<NativeExportName, NativeExport> NativeExports { get; } =
        new(store, ids, CatalogKeys.NativeExport, _ => [], CatalogJson.Default.NativeExport);

    public CatalogShelf<RequestKey, RequestRecord> Requests { get; } =
        new(store, ids, CatalogKeys.Request, _ => [], CatalogJson.Default.RequestRecord);

    /// <summary>Pages of backups, newest first, by what they are asked for.</summary>
    public BackupListing Listing => new(store, Backups);

    public TagCosts Costs => new(store, Backups);

    /// <summary>When the schedule has to look at the cache next, and since when it is behind.</summary>
    private static IEnumerable<ObjectKey> DueKeysOf(Cache cache)
    {
        if (cache.AutomaticBackups is { NextWindow: { } due } settings)
        {
            yield return CatalogKeys.DueTime(due, cache.Name);
            if (settings.BehindSince is { } since)
            {
                yield return CatalogKeys.BehindTime(since, cache.Name);
            }
        }
    }
}
