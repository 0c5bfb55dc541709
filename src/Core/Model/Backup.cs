using System.Text.Json;
using System.Text.Json.Serialization;

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

    /// <summary>Since when the status is what it is; null for <c>creating</c>, which began with the record.</summary>
    public DateTimeOffset? StatusSince { get; init; }

    /// <summary>Null until the backup is available.</summary>
    public BackupOrigin? Origin { get; init; }

    /// <summary>Empty until the backup is available.</summary>
    public IReadOnlyList<ShardManifest> Shards { get; init; } = [];

    public IReadOnlyList<BackupUse> Uses { get; init; } = [];

    public IReadOnlyList<Tag> Tags { get; init; } = [];

    /// <summary>Largest minus smallest time that the shards stand for.</summary>
    public TimeSpan Skew => Shards.Count == 0 ? TimeSpan.Zero : Shards.Max(s => s.ServerTime) - Shards.Min(s => s.ServerTime);

    /// <summary>What <see cref="ShownStatus"/> is while an execution works on the backup.</summary>
    public static IReadOnlyList<string> PassingStatuses { get; } =
        [Shown(BackupStatus.Creating), Shown(BackupStatus.Deleting), .. Enum.GetValues<UseKind>().Select(Shown)];

    /// <summary>Everything that <see cref="ShownStatus"/> can be.</summary>
    public static IReadOnlyList<string> ShownStatuses { get; } =
        [.. Enum.GetValues<BackupStatus>().Select(Shown), .. Enum.GetValues<UseKind>().Select(Shown)];

    /// <summary>The stored status, or what an available backup is used for at the moment: <c>restoring</c>, <c>copying</c>, <c>exporting</c>.</summary>
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
        _ => throw new InvalidOperationException($"There is no word for a backup in use by {use}."),
    };
}
