using System.Text.Json;

namespace CacheBackup.Local.StateMachines;

/// <summary>All that is known of an execution, save for its history.</summary>
/// <param name="Key">Machine and name.</param>
/// <param name="Id">What it is known by outside.</param>
/// <param name="Status">The status.</param>
/// <param name="State">The state that it is in, or ended in; of a Map, the Map. Null where that is not known.</param>
/// <param name="StartTime">When it started.</param>
/// <param name="StopTime">When it ended.</param>
/// <param name="Input">Its input; null if it can no longer be read.</param>
/// <param name="Output">Its output, if it succeeded.</param>
/// <param name="Error">The error's name, if it did not.</param>
/// <param name="Cause">What is known of why.</param>
/// <param name="Stalled">Why it stands still though it has not ended: its journal cannot be written. <see cref="ExecutionHost.ResumeAsync"/> tries again.</param>
public sealed record ExecutionDetails(
    ExecutionKey Key,
    string Id,
    ExecutionStatus Status,
    string? State,
    DateTimeOffset StartTime,
    DateTimeOffset? StopTime,
    JsonElement? Input,
    JsonElement? Output,
    string? Error,
    string? Cause,
    string? Stalled);
