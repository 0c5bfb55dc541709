using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Api;

/// <summary>An execution as the API shows it.</summary>
public sealed record ExecutionView
{
    public required ExecutionId Id { get; init; }

    public required string Machine { get; init; }

    public required ExecutionStatus Status { get; init; }

    /// <summary>The state that it is in, or ended in.</summary>
    public string? State { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public string? Error { get; init; }

    public string? Cause { get; init; }

    /// <summary>Sums over all shards or ranges that have begun; null where the job moves no data.</summary>
    public ProgressView? Progress { get; init; }

    public static ExecutionView Of(ExecutionDescription execution, ProgressView? progress) => new()
    {
        Id = execution.Id,
        Machine = execution.Machine,
        Status = execution.Status,
        State = execution.State,
        StartedAt = execution.StartedAt,
        EndedAt = execution.EndedAt,
        Error = execution.Error,
        Cause = execution.Cause,
        Progress = progress,
    };
}
