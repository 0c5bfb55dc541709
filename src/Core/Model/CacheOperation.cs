namespace CacheBackup.Core.Model;

/// <summary>The one job that holds a cache. Who writes on its behalf compares execution and generation with its own first.</summary>
public sealed record CacheOperation
{
    public required OperationKind Kind { get; init; }

    public required ExecutionId Execution { get; init; }

    public required long Generation { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The backup that is taken or restored, where there is one.</summary>
    public BackupName? Backup { get; init; }

    /// <summary>A removal that only forgets the cache: what a restore made in ElastiCache stays there. Null: it does not.</summary>
    public bool? ForgetOnly { get; init; }
}
