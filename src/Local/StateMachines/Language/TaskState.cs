using CacheBackup.Local.StateMachines.Paths;

namespace CacheBackup.Local.StateMachines.Language;

/// <summary>A state that calls a handler or a service.</summary>
internal sealed record TaskState : RetryableState
{
    public required TaskTarget Target { get; init; }

    /// <summary>For a handler its <c>Payload</c>, for a service its whole <c>Parameters</c>; null passes the state's input.</summary>
    public PayloadTemplate? Parameters { get; init; }

    /// <summary>For each attempt.</summary>
    public int? TimeoutSeconds { get; init; }

    public PathExpression? TimeoutSecondsPath { get; init; }
}
