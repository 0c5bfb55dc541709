using CacheBackup.Core.Buckets;

namespace CacheBackup.Core.Model;

/// <summary>The file that a backup was imported from, and what was asked for with it.</summary>
public sealed record ImportOrigin
{
    public required BucketAddress Bucket { get; init; }

    /// <summary>The file's name there, folders included.</summary>
    public required string File { get; init; }

    /// <summary>As the request told it; null: the file says.</summary>
    public CacheEngine? Engine { get; init; }

    /// <summary>As the request told it; null: the file says.</summary>
    public CacheVersion? EngineVersion { get; init; }

    /// <summary>ElastiCache is to be able to read the file as well.</summary>
    public bool ForElastiCache { get; init; }

    /// <summary>The new cache that the backup goes into when it is there; null: none was asked for.</summary>
    public ImportRestore? Restore { get; init; }
}
