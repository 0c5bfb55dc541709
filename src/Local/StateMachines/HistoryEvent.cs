using System.Text.Json;

namespace CacheBackup.Local.StateMachines;

/// <summary>One event of an execution's history. Which of the details are there depends on the type, as in Step Functions.</summary>
public sealed record HistoryEvent
{
    /// <summary>From 1, without a gap.</summary>
    public required long Id { get; init; }

    /// <summary>The event that led to this one; 0 for the first.</summary>
    public required long PreviousId { get; init; }

    /// <summary>In whole milliseconds.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>What happened.</summary>
    public required HistoryEventType Type { get; init; }

    /// <summary>The strand.</summary>
    public HistoryFrame Frame { get; init; }

    /// <summary>The state's name, of entered and exited states and of iterations.</summary>
    public string? Name { get; init; }

    /// <summary>An iteration's item.</summary>
    public int? Index { get; init; }

    /// <summary>How many items a Map has.</summary>
    public int? Length { get; init; }

    /// <summary>What a state or the execution was given.</summary>
    public JsonElement? Input { get; init; }

    /// <summary>What a state, a task or the execution gave.</summary>
    public JsonElement? Output { get; init; }

    /// <summary>What a task was called with.</summary>
    public JsonElement? Parameters { get; init; }

    /// <summary><c>lambda</c> or <c>aws-sdk:service</c>.</summary>
    public string? ResourceType { get; init; }

    /// <summary><c>invoke</c> or the service's action.</summary>
    public string? Resource { get; init; }

    /// <summary>A task's own time-out.</summary>
    public int? TimeoutInSeconds { get; init; }

    /// <summary>An error's name.</summary>
    public string? Error { get; init; }

    /// <summary>An error's cause.</summary>
    public string? Cause { get; init; }

    /// <summary>Of an exited state: the one that follows in its strand; null at the strand's end. (Not in Step Functions' history.)</summary>
    public string? Next { get; init; }

    /// <summary>An event that the recorder has yet to number and date.</summary>
    internal static HistoryEvent Of(HistoryEventType type) => new() { Id = 0, PreviousId = 0, Timestamp = default, Type = type };
}
