using CacheBackup.Local.StateMachines.Intrinsics;

namespace CacheBackup.Local.StateMachines.Language;

/// <summary>A state that fails its scope with an error and a cause, each fixed, computed or absent.</summary>
internal sealed record FailState : State
{
    public string? Error { get; init; }

    public Expression? ErrorPath { get; init; }

    public string? Cause { get; init; }

    public Expression? CausePath { get; init; }
}
