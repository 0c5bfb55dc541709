using CacheBackup.Core.Model;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Operations;

/// <summary>A cache that ElastiCache is to make and to fill from files in the exchange bucket.</summary>
public sealed record ManagedCacheRequest
{
    /// <summary>The cache's name, with us and with ElastiCache.</summary>
    public required CacheName Name { get; init; }

    /// <summary>Who asks: the value of <see cref="ExecutionTag"/>.</summary>
    public required ExecutionId Execution { get; init; }

    public required BackupName Backup { get; init; }

    public required CacheEngine Engine { get; init; }

    /// <summary>Serverless or self-designed.</summary>
    public required RestoreTargetSpec Target { get; init; }

    /// <summary>The user's, at most <see cref="MaxTags"/>.</summary>
    public required IReadOnlyList<Tag> Tags { get; init; }

    /// <summary>The files in the exchange bucket, one for each shard of the backup.</summary>
    public required IReadOnlyList<ObjectKey> Files { get; init; }

    /// <summary>The tag by which a repeated request knows its own cache.</summary>
    public const string ExecutionTag = "cache-backup:execution";

    /// <summary>A resource has 50 tags, and two of them are ours: the execution's and the cache's, by which a removal knows it again.</summary>
    public const int MaxTags = 48;
}
