using CacheBackup.Core.Buckets;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Operations;

/// <summary>A place that holds data of backups.</summary>
/// <param name="Address">Null: the service's own store.</param>
public sealed record BackupPlace(BucketAddress? Address, IObjectStore Store);
