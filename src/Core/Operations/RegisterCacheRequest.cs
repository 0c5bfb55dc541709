using CacheBackup.Core.Model;
using CacheBackup.Core.Retention;

namespace CacheBackup.Core.Operations;

/// <summary>A cache of the user's own to know from now on.</summary>
public sealed record RegisterCacheRequest(CacheName Name, CacheAddress Address, IReadOnlyList<Tag>? Tags = null)
{
    /// <summary>Null: no automatic backups.</summary>
    public RetentionPolicy? Retention { get; init; }

    /// <summary>Null: one is assigned.</summary>
    public BackupWindow? Window { get; init; }
}
