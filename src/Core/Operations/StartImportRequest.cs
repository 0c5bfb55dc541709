using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>A file to import as a backup.</summary>
public sealed record StartImportRequest
{
    public required BackupName Name { get; init; }

    /// <summary>Bucket, folder and file in one: <c>myBucket/myFolder/redis-backup.rdb</c>, <c>s3://…</c>, or a path on this machine.</summary>
    public required string File { get; init; }

    /// <summary>The cache that the data is listed under; null: <see cref="StartImport.UnknownCache"/>.</summary>
    public CacheName? Cache { get; init; }

    /// <summary>Null: the file says.</summary>
    public CacheEngine? Engine { get; init; }

    /// <summary>Null: the file says.</summary>
    public CacheVersion? EngineVersion { get; init; }

    /// <summary>ElastiCache is to be able to read the file as well.</summary>
    public bool ForElastiCache { get; init; }

    /// <summary>The new cache that the backup is to go into; null: none.</summary>
    public ImportRestore? Restore { get; init; }

    public IReadOnlyList<Tag>? Tags { get; init; }
}
