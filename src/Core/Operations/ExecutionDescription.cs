using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>One execution of a state machine.</summary>
public sealed record ExecutionDescription
{
    public required ExecutionId Id { get; init; }

    public required string Machine { get; init; }

    public required string Name { get; init; }

    public required ExecutionStatus Status { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The JSON text that it was started with.</summary>
    public required string Input { get; init; }

    /// <summary>The name of the state that it is in, or ended in.</summary>
    public string? State { get; init; }

    public string? Error { get; init; }

    public string? Cause { get; init; }
}
