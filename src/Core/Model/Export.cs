using CacheBackup.Core.Buckets;

namespace CacheBackup.Core.Model;

/// <summary>
/// An export that runs: it holds its name in its place until it is over, and knows which files are its own. Catalog document
/// <c>catalog/exports/&lt;id&gt;.json</c>, removed at the end.
/// </summary>
public sealed record Export : CatalogDocument
{
    public required ExportId Id { get; init; }

    public required BackupName Backup { get; init; }

    public required BackupId BackupId { get; init; }

    public required BucketAddress Bucket { get; init; }

    /// <summary>What the files' names begin with.</summary>
    public required string Name { get; init; }

    public bool ForElastiCache { get; init; }

    public required ExecutionId Execution { get; init; }

    public required long Generation { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Null until the place was checked and none of the names was found there.</summary>
    public IReadOnlyList<ExportFile>? Files { get; init; }

    /// <summary>Every file is there; what is left is to say so.</summary>
    public bool IsComplete { get; init; }

    /// <summary>The record is this execution's, in this generation.</summary>
    public bool IsHeldBy(ExecutionId execution, long generation) => Execution == execution && Generation == generation;

    /// <summary>The same export with one file in another state.</summary>
    public Export With(int shard, ExportFileState state) =>
        this with { Files = [.. (Files ?? []).Select(file => file.Shard == shard ? file with { State = state } : file)] };
}
