using CacheBackup.Core.Buckets;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Restores;
using BackupManifest = CacheBackup.Core.Model.Backup;

namespace CacheBackup.Functions.Api;

/// <summary>A backup as the API shows it: sums over its shards first, the shards themselves in the description of one.</summary>
public sealed record BackupView
{
    public required BackupName Name { get; init; }

    /// <summary>The stored status, or what the backup is used for at the moment: <c>restoring</c>, <c>copying</c>, <c>exporting</c>.</summary>
    public required string Status { get; init; }

    public string? StatusReason { get; init; }

    public required BackupKind Kind { get; init; }

    public required CacheName Cache { get; init; }

    public CacheEngine? Engine { get; init; }

    public CacheVersion? EngineVersion { get; init; }

    public CacheTopology? Topology { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>The start of the window that an automatic backup was taken for.</summary>
    public DateTimeOffset? WindowStart { get; init; }

    /// <summary>When the purge may remove an automatic backup.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Until when nobody can delete it.</summary>
    public DateTimeOffset? LockedUntil { get; init; }

    public required long SizeBytes { get; init; }

    public required long Keys { get; init; }

    public required long KeysWithExpiry { get; init; }

    public required long ExpiredKeys { get; init; }

    public required int FunctionLibraries { get; init; }

    public required double SkewMilliseconds { get; init; }

    /// <summary>What its storage costs a month, US dollars; null where the store's price is not known.</summary>
    public decimal? DollarsPerMonth { get; init; }

    /// <summary>Since when the status is what it is.</summary>
    public required DateTimeOffset StatusSince { get; init; }

    /// <summary>How far the taking is; in the description of one, while it lasts.</summary>
    public ProgressView? Progress { get; init; }

    public required ExecutionId Execution { get; init; }

    public IReadOnlyList<ShardManifest>? Shards { get; init; }

    public required IReadOnlyList<BackupUse> Uses { get; init; }

    public BackupVerification? Verification { get; init; }

    /// <summary>When the backup last passed a restore test.</summary>
    public DateTimeOffset? ProvenAt { get; init; }

    /// <summary>How long that is ago, in whole days.</summary>
    public int? ProvenDaysAgo { get; init; }

    public BackupProof? Proof { get; init; }

    public BackupProofFailure? ProofFailure { get; init; }

    /// <summary>ElastiCache's snapshot that the data was, or is to be, adopted from, by its name there; null: there is none (any more).</summary>
    public string? NativeSnapshot { get; init; }

    public required IReadOnlyList<Tag> Tags { get; init; }

    /// <summary>Where its data lies; null: in the service's own store.</summary>
    public BucketAddress? Location { get; init; }

    /// <summary>The backup that it was copied from.</summary>
    public CopyOrigin? CopiedFrom { get; init; }

    /// <summary>The file that it was imported from.</summary>
    public ImportOrigin? ImportedFrom { get; init; }

    /// <summary>How it gets into a server of one's own; in the description of one, where there is a file to load.</summary>
    public SelfManagedServer? SelfManaged { get; init; }

    public static BackupView Of(BackupManifest backup, ServiceParts parts, bool withShards = false) => new()
    {
        Name = backup.Name,
        Status = backup.ShownStatus,
        StatusReason = backup.StatusReason,
        Kind = backup.Kind,
        Cache = backup.Cache,
        Engine = backup.Origin?.Engine,
        EngineVersion = backup.Origin?.EngineVersion,
        Topology = backup.Origin?.Topology,
        CreatedAt = backup.CreatedAt,
        CompletedAt = backup.CompletedAt,
        WindowStart = backup.WindowStart,
        ExpiresAt = backup.ExpiresAt,
        LockedUntil = backup.LockedUntil,
        SizeBytes = backup.Shards.Sum(s => s.SizeBytes),
        Keys = backup.Shards.Sum(s => s.Keys),
        KeysWithExpiry = backup.Shards.Sum(s => s.KeysWithExpiry),
        ExpiredKeys = backup.Shards.Sum(s => s.ExpiredKeys),
        FunctionLibraries = backup.Shards.Sum(s => s.FunctionLibraries),
        SkewMilliseconds = backup.Skew.TotalMilliseconds,
        DollarsPerMonth = MonthlyPrice.Of(backup.Shards.Sum(s => s.SizeBytes), parts),
        StatusSince = backup.StatusSince ?? backup.CreatedAt,
        Execution = backup.Execution,
        Shards = withShards ? backup.Shards : null,
        Uses = backup.Uses,
        Verification = backup.Verification,
        ProvenAt = backup.Proof?.At,
        ProvenDaysAgo = backup.Proof is { } proof ? (int)(parts.Time.GetUtcNow() - proof.At).TotalDays : null,
        Proof = backup.Proof,
        ProofFailure = backup.ProofFailure,
        NativeSnapshot = backup.NativeSnapshot?.Name,
        Tags = backup.Tags,
        Location = backup.Location,
        CopiedFrom = backup.CopiedFrom,
        ImportedFrom = backup.ImportedFrom,
        SelfManaged = withShards ? SelfManagedServer.Of(backup) : null,
    };
}
