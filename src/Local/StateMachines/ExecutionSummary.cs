namespace CacheBackup.Local.StateMachines;

/// <summary>An execution in a list.</summary>
/// <param name="Id">Machine and name.</param>
/// <param name="Status">The status.</param>
/// <param name="StartTime">When it started.</param>
/// <param name="StopTime">When it ended.</param>
public sealed record ExecutionSummary(ExecutionId Id, ExecutionStatus Status, DateTimeOffset StartTime, DateTimeOffset? StopTime);
