using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>A link to a data file, and what to expect of it.</summary>
public sealed record BackupDownload
{
    public required Uri Url { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public required string FileName { get; init; }

    /// <summary>The file's shard.</summary>
    public required ShardManifest Shard { get; init; }
}
