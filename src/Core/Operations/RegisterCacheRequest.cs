using CacheBackup.Core.Model;
using CacheBackup.Core.Retention;

namespace CacheBackup.Core.Operations;

/// <summary>A cache of the user's own to know from now on: where it answers, or what it is in ElastiCache.</summary>
/// <param name="Address">Null for a cache of ElastiCache's.</param>
public sealed record RegisterCacheRequest(CacheName Name, CacheAddress? Address, IReadOnlyList<Tag>? Tags = null)
{
    /// <summary>Null: a cache that answers at <see cref="Address"/>.</summary>
    public ManagedSource? Managed { get; init; }

    /// <summary>How backups of the cache at <see cref="Address"/> are streamed; null: the best way that it offers.</summary>
    public BackupMethod? Method { get; init; }

    /// <summary>Null: no automatic backups.</summary>
    public RetentionPolicy? Retention { get; init; }

    /// <summary>Null: one is assigned.</summary>
    public BackupWindow? Window { get; init; }
}
