using CacheBackup.Local.StateMachines.Paths;

namespace CacheBackup.Local.StateMachines.Language;

/// <summary>A state that does work, which may fail, be tried again and be caught: Task, Map, Parallel.</summary>
internal abstract record RetryableState : State
{
    public PayloadTemplate? ResultSelector { get; init; }

    /// <summary>Null discards the result.</summary>
    public ReferencePath? ResultPath { get; init; } = ReferencePath.Root;

    public IReadOnlyList<Retrier> Retry { get; init; } = [];

    public IReadOnlyList<Catcher> Catch { get; init; } = [];

    public override IEnumerable<string> Successors => base.Successors.Concat(Catch.Select(catcher => catcher.Next));
}
