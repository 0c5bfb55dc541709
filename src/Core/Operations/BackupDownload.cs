using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;

namespace CacheBackup.Core.Operations;

/// <summary>A link to a data file, and what to expect of it.</summary>
public sealed record BackupDownload
{
    public required Uri Url { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public required string FileName { get; init; }

    /// <summary>The part of the file that the link gives; null: the file as it is stored.</summary>
    public EntrySelection? Selection { get; init; }

    /// <summary>The file's shard.</summary>
    public required ShardManifest Shard { get; init; }
}
