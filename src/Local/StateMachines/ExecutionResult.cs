using System.Text.Json;

namespace CacheBackup.Local.StateMachines;

/// <summary>How an execution ended. <see cref="ExecutionStatus.Running"/>: it did not; the host stopped and will resume it.</summary>
/// <param name="Status">The status.</param>
/// <param name="Output">The output of one that succeeded.</param>
/// <param name="Error">The error's name of one that did not.</param>
/// <param name="Cause">What is known of why.</param>
/// <param name="StopTime">When it ended.</param>
public sealed record ExecutionResult(ExecutionStatus Status, JsonElement? Output, string? Error, string? Cause, DateTimeOffset StopTime);
