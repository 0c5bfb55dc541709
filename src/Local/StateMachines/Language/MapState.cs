using CacheBackup.Local.StateMachines.Paths;

namespace CacheBackup.Local.StateMachines.Language;

/// <summary>A state that runs its ItemProcessor once for each item of an array.</summary>
internal sealed record MapState : RetryableState
{
    public required StateScope Processor { get; init; }

    public PathExpression ItemsPath { get; init; } = PathExpression.Root;

    public PayloadTemplate? ItemSelector { get; init; }

    /// <summary>0: as many as Step Functions runs at once for an inline Map.</summary>
    public int MaxConcurrency { get; init; }

    public PathExpression? MaxConcurrencyPath { get; init; }

    public override IEnumerable<StateScope> Scopes => [Processor];
}
