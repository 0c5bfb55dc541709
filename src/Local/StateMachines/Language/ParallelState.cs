using CacheBackup.Local.StateMachines.Paths;

namespace CacheBackup.Local.StateMachines.Language;

/// <summary>A state that runs its branches side by side, each on the same input.</summary>
internal sealed record ParallelState : RetryableState
{
    public required IReadOnlyList<StateScope> Branches { get; init; }

    public PayloadTemplate? Parameters { get; init; }

    public override IEnumerable<StateScope> Scopes => Branches;
}
