using System.Text.Json.Serialization;

namespace CacheBackup.Core.Model;

/// <summary>A cache that this service knows: registered by a user, or made by a restore. Catalog document <c>catalog/caches/&lt;name&gt;.json</c>.</summary>
public sealed record Cache : CatalogDocument
{
    public required CacheName Name { get; init; }

    public required CacheStatus Status { get; init; }

    /// <summary>Why the status is a failed one, with what to do.</summary>
    public string? StatusReason { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Empty until a new cache has been provisioned.</summary>
    public IReadOnlyList<CacheShard> Shards { get; init; } = [];

    /// <summary>
    /// The node that a cluster was registered by, or its configuration endpoint: asked first for the shards, and how to log in to every node. Null:
    /// no cluster, or one whose first shard's address serves for it.
    /// </summary>
    public CacheAddress? ConfigurationAddress { get; init; }

    /// <summary>Null until the first probe.</summary>
    public CacheEngine? Engine { get; init; }

    public CacheVersion? EngineVersion { get; init; }

    public CacheTopology? Topology { get; init; }

    public IReadOnlyList<Tag> Tags { get; init; } = [];

    public CacheOperation? Operation { get; init; }

    /// <summary>Null: none were ever asked for.</summary>
    public AutomaticBackups? AutomaticBackups { get; init; }

    /// <summary>The generation of the last operation; the next one takes a greater one.</summary>
    public long Generation { get; init; }

    /// <summary>How the cache came to be, for one that a restore made.</summary>
    public CacheRestoration? Restoration { get; init; }

    /// <summary>How backups are streamed, as its owner chose; null: <see cref="Model.BackupMethod.Stream"/>. Not for a cache of ElastiCache's.</summary>
    public BackupMethod? Method { get; init; }

    /// <summary>What the cache is in ElastiCache, for one that was registered by its name there.</summary>
    public ManagedSource? Managed { get; init; }

    /// <summary>What the cache is in ElastiCache: registered as that, or made there by a restore. Null: it is not ElastiCache's.</summary>
    [JsonIgnore]
    public ManagedResource? ManagedResource => this switch
    {
        { Managed: { } managed } => managed.Resource,
        { Restoration.Target.Kind: RestoreTargetKind.Serverless } => new ManagedResource(ManagedResourceKind.ServerlessCache, Name.Value),
        { Restoration.Target.Kind: RestoreTargetKind.SelfDesigned } => new ManagedResource(ManagedResourceKind.ReplicationGroup, Name.Value),
        _ => null,
    };

    /// <summary>How backups are taken. ElastiCache lets nobody replicate from it, so a cache that a restore made there is backed up natively.</summary>
    [JsonIgnore]
    public BackupMethod BackupMethod =>
        Managed?.EffectiveMethod ?? (ManagedResource is null ? Method ?? BackupMethod.Stream : BackupMethod.Native);

    /// <summary>The operation is this one: same execution, same generation.</summary>
    public bool IsHeldBy(ExecutionId execution, long generation) =>
        Operation is { } held && held.Execution == execution && held.Generation == generation;
}
