using CacheBackup.Local.StateMachines.Paths;

namespace CacheBackup.Local.StateMachines.Language;

/// <summary>A state that waits: exactly one of the four says until when.</summary>
internal sealed record WaitState : State
{
    public int? Seconds { get; init; }

    public PathExpression? SecondsPath { get; init; }

    public DateTimeOffset? Timestamp { get; init; }

    public PathExpression? TimestampPath { get; init; }
}
