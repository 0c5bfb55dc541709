using System.Text.Json;
using System.Text.Json.Serialization;
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

    /// <summary>The start of the window that an automatic backup was taken for.</summary>
    public DateTimeOffset? WindowStart { get; init; }

    /// <summary>When the purge may remove an automatic backup; dated when it is begun.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Since when the status is what it is; null for <c>creating</c>, which began with the record.</summary>
    public DateTimeOffset? StatusSince { get; init; }

    /// <summary>Null until the backup is available.</summary>
    public BackupOrigin? Origin { get; init; }

    /// <summary>Empty until the backup is available.</summary>
    public IReadOnlyList<ShardManifest> Shards { get; init; } = [];

    public IReadOnlyList<BackupUse> Uses { get; init; } = [];

    public IReadOnlyList<Tag> Tags { get; init; } = [];

    /// <summary>The last time that the stored bytes were read back; null: never.</summary>
    public BackupVerification? Verification { get; init; }

    /// <summary>The generation of the last verification that was started; the next one takes a greater one.</summary>
    public long VerifyGeneration { get; init; }

    /// <summary>The last restore test that the backup passed; null: none.</summary>
    public BackupProof? Proof { get; init; }

    /// <summary>The last restore test that did not pass; null where there is none, or where one passed since.</summary>
    public BackupProofFailure? ProofFailure { get; init; }

    /// <summary>Where its data lies, where that is not the service's own store: a copy in another bucket. The catalog's record is here all the same.</summary>
    public BucketAddress? Location { get; init; }

    /// <summary>The backup that it was copied from.</summary>
    public CopyOrigin? CopiedFrom { get; init; }

    /// <summary>The file that it was, or is to be, imported from.</summary>
    public ImportOrigin? ImportedFrom { get; init; }

    /// <summary>
    /// ElastiCache's snapshot that the data was, or is to be, adopted from; null where there is none, or none any more.
    /// </summary>
    public NativeSnapshotId? NativeSnapshot { get; init; }

    /// <summary>Largest minus smallest time that the shards stand for.</summary>
    public TimeSpan Skew => Shards.Count == 0 ? TimeSpan.Zero : Shards.Max(s => s.ServerTime) - Shards.Min(s => s.ServerTime);

    /// <summary>What <see cref="ShownStatus"/> is while an execution works on the backup.</summary>
    public static IReadOnlyList<string> PassingStatuses { get; } =
        [Shown(BackupStatus.Creating), Shown(BackupStatus.Deleting), .. Enum.GetValues<UseKind>().Select(Shown)];

    /// <summary>Everything that <see cref="ShownStatus"/> can be.</summary>
    public static IReadOnlyList<string> ShownStatuses { get; } =
        [.. Enum.GetValues<BackupStatus>().Select(Shown), .. Enum.GetValues<UseKind>().Select(Shown)];

    /// <summary>The stored status, or what an available backup is used for at the moment: <c>restoring</c>, <c>copying</c>, <c>exporting</c> …</summary>
    [JsonIgnore]
    public string ShownStatus => this switch
    {
        { Status: BackupStatus.Available, Uses: [var use, ..] } => Shown(use.Kind),
        _ => Shown(Status),
    };

    /// <summary>The record is this execution's, in this generation.</summary>
    public bool IsHeldBy(ExecutionId execution, long generation) => Execution == execution && Generation == generation;

    /// <summary>The same record in another status from <paramref name="now"/> on.</summary>
    /// <exception cref="CatalogConflictException">The statuses do not follow one another.</exception>
    public Backup To(BackupStatus status, DateTimeOffset now) => BackupTransitions.Allows(Status, status)
        ? this with { Status = status, StatusSince = now }
        : throw new CatalogConflictException($"Backup {Name} is {Status}: it cannot become {status}.");

    private static string Shown(BackupStatus status) => JsonNamingPolicy.KebabCaseLower.ConvertName(status.ToString());

    private static string Shown(UseKind use) => use switch
    {
        UseKind.Restore => "restoring",
        UseKind.Copy => "copying",
        UseKind.Export => "exporting",
        UseKind.Verify => "verifying",
        UseKind.RestoreTest => "proving",
        _ => throw new InvalidOperationException($"There is no word for a backup in use by {use}."),
    };
}
