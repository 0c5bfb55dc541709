using CacheBackup.Core.Buckets;

namespace CacheBackup.Core.Model;

/// <summary>A backup's manifest, the only truth about it. Catalog document <c>catalog/backups/&lt;name&gt;.json</c>.</summary>
public sealed record Backup : CatalogDocument
{
    public required BackupName Name { get; init; }

    public required BackupId Id { get; init; }

    public required BackupKind Kind { get; init; }

    public required BackupStatus Status { get; init; }

    /// <summary>Why the status is a failed one, with what to do.</summary>
    public string? StatusReason { get; init; }

    public required CacheName Cache { get; init; }

    /// <summary>The execution that takes or took it, or deletes it.</summary>
    public required ExecutionId Execution { get; init; }

    public required long Generation { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>Null until the backup is available.</summary>
    public BackupOrigin? Origin { get; init; }

    /// <summary>Empty until the backup is available.</summary>
    public IReadOnlyList<ShardManifest> Shards { get; init; } = [];

    public IReadOnlyList<BackupUse> Uses { get; init; } = [];

    public IReadOnlyList<Tag> Tags { get; init; } = [];

    /// <summary>Where its data lies, where that is not the service's own store: a copy in another bucket. The catalog's record is here all the same.</summary>
    public BucketAddress? Location { get; init; }

    /// <summary>The backup that it was copied from.</summary>
    public CopyOrigin? CopiedFrom { get; init; }

    /// <summary>The file that it was, or is to be, imported from.</summary>
    public ImportOrigin? ImportedFrom { get; init; }

    /// <summary>Largest minus smallest time that the shards stand for.</summary>
    public TimeSpan Skew => Shards.Count == 0 ? TimeSpan.Zero : Shards.Max(s => s.ServerTime) - Shards.Min(s => s.ServerTime);

    /// <summary>The record is this execution's, in this generation.</summary>
    public bool IsHeldBy(ExecutionId execution, long generation) => Execution == execution && Generation == generation;

    /// <summary>The same record in another status.</summary>
    /// <exception cref="CatalogConflictException">The statuses do not follow one another.</exception>
    public Backup To(BackupStatus status) => BackupTransitions.Allows(Status, status)
        ? this with { Status = status }
        : throw new CatalogConflictException($"Backup {Name} is {Status}: it cannot become {status}.");
}
