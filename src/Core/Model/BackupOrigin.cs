namespace CacheBackup.Core.Model;

/// <summary>The cache that a backup was taken from, as it was then.</summary>
public sealed record BackupOrigin
{
    public required CacheName Cache { get; init; }

    public required CacheEngine Engine { get; init; }

    public required CacheVersion EngineVersion { get; init; }

    public required CacheTopology Topology { get; init; }

    public required int Shards { get; init; }

    /// <summary>The cache kept some of its values on disk (ElastiCache's data tiering). Null: it did not.</summary>
    public bool? DataTiering { get; init; }
}
