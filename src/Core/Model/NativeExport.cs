namespace CacheBackup.Core.Model;

/// <summary>
/// An export of a native snapshot into the exchange bucket that is under way: since when, and for a serverless one what lay in the bucket
/// before. Catalog document <c>catalog/native-exports/&lt;name&gt;.json</c>, removed when the files are known. Serverless exports share one
/// name, so that there is one at a time: nobody documents how their files are named.
/// </summary>
public sealed record NativeExport : CatalogDocument
{
    public required BackupName Backup { get; init; }

    public required ExecutionId Execution { get; init; }

    public required long Generation { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The keys that were there before ElastiCache was asked; null: not listed yet, and nothing was asked.</summary>
    public IReadOnlyList<string>? Before { get; init; }

    /// <summary>The files that the last look found, as <c>key:length</c>; null: nobody has looked yet.</summary>
    public IReadOnlyList<string>? Seen { get; init; }

    /// <summary>When a look last found other files than the one before it; null: no look has found any.</summary>
    public DateTimeOffset? SeenAt { get; init; }

    /// <summary>What ElastiCache said where it refused the export, which may have begun all the same; null: it refused nothing.</summary>
    public string? Refusal { get; init; }

    /// <summary>For how long nothing has changed in the bucket since ElastiCache was asked.</summary>
    public TimeSpan QuietFor(DateTimeOffset now) => now - (SeenAt ?? StartedAt);

    /// <summary>The record is this execution's, in this generation.</summary>
    public bool IsHeldBy(ExecutionId execution, long generation) => Execution == execution && Generation == generation;
}
