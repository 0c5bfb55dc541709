using CacheBackup.Core.Model;

namespace CacheBackup.Functions.Api;

/// <summary>The body of <c>POST /backups/import</c>.</summary>
public sealed record StartImportBody
{
    /// <summary>The backup's name.</summary>
    public required string Name { get; init; }

    /// <summary><c>myBucket/myFolder/redis-backup.rdb</c>, <c>s3://…</c>, or a path on this machine.</summary>
    public required string File { get; init; }

    /// <summary>The cache that the data is listed under; null: <c>imported</c>.</summary>
    public string? Cache { get; init; }

    /// <summary>Null: the file says.</summary>
    public CacheEngine? Engine { get; init; }

    /// <summary>Null: the file says.</summary>
    public CacheVersion? EngineVersion { get; init; }

    /// <summary>The check also sees that ElastiCache could read the file.</summary>
    public bool ForElastiCache { get; init; }

    /// <summary>The new cache to restore into when the backup is there; null: none.</summary>
    public StartRestoreBody? Restore { get; init; }

    public IReadOnlyList<Tag>? Tags { get; init; }
}
