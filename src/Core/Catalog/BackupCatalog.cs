using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Catalog;

/// <summary>The catalog: JSON documents in the object store, changed only by conditional writes. There is no other database.</summary>
public sealed class BackupCatalog(IObjectStore store, IIdSource ids)
{
    public CatalogShelf<BackupName, Backup> Backups { get; } =
        new(store, ids, CatalogKeys.Backup, BackupIndex.KeysOf, CatalogJson.Default.Backup);

    public CatalogShelf<CacheName, Cache> Caches { get; } = new(store, ids, CatalogKeys.Cache, _ => [], CatalogJson.Default.Cache);

    public CatalogShelf<RequestKey, RequestRecord> Requests { get; } =
        new(store, ids, CatalogKeys.Request, _ => [], CatalogJson.Default.RequestRecord);

    /// <summary>Pages of backups, newest first, by what they are asked for.</summary>
    public BackupListing Listing => new(store, Backups);

    public TagCosts Costs => new(store, Backups);
}
