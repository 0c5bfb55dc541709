using CacheBackup.Core.Model;

namespace CacheBackup.Functions.Api;

/// <summary>A cache as the API shows it.</summary>
public sealed record CacheView
{
    public required CacheName Name { get; init; }

    public required CacheStatus Status { get; init; }

    public string? StatusReason { get; init; }

    public CacheEngine? Engine { get; init; }

    public CacheVersion? EngineVersion { get; init; }

    public CacheTopology? Topology { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required IReadOnlyList<CacheShard> Shards { get; init; }

    /// <summary>The node that a cluster was registered by, or its configuration endpoint.</summary>
    public CacheAddress? ConfigurationAddress { get; init; }

    public CacheOperation? Operation { get; init; }

    public CacheRestoration? Restoration { get; init; }

    /// <summary>How backups are streamed, where its owner chose.</summary>
    public BackupMethod? Method { get; init; }

    /// <summary>What the cache is in ElastiCache, for one that was registered by its name there.</summary>
    public ManagedSource? Managed { get; init; }

    public AutomaticBackups? AutomaticBackups { get; init; }

    public required IReadOnlyList<Tag> Tags { get; init; }

    public static CacheView Of(Cache cache) => new()
    {
        Name = cache.Name,
        Status = cache.Status,
        StatusReason = cache.StatusReason,
        Engine = cache.Engine,
        EngineVersion = cache.EngineVersion,
        Topology = cache.Topology,
        CreatedAt = cache.CreatedAt,
        Shards = cache.Shards,
        ConfigurationAddress = cache.ConfigurationAddress,
        Operation = cache.Operation,
        Restoration = cache.Restoration,
        Method = cache.Method,
        Managed = cache.Managed,
        AutomaticBackups = cache.AutomaticBackups,
        Tags = cache.Tags,
    };
}
