using CacheBackup.Local.StateMachines.Paths;

namespace CacheBackup.Local.StateMachines.Language;

/// <summary>One state of a machine.</summary>
internal abstract record State
{
    public required string Name { get; init; }

    /// <summary>The state after this one; null where the scope ends.</summary>
    public string? Next { get; init; }

    public PathExpression InputPath { get; init; } = PathExpression.Root;

    public PathExpression OutputPath { get; init; } = PathExpression.Root;

    /// <summary>The states inside it (Map, Parallel), for the checks at load.</summary>
    public virtual IEnumerable<StateScope> Scopes => [];

    /// <summary>Every state that may follow.</summary>
    public virtual IEnumerable<string> Successors => Next is null ? [] : [Next];
}
