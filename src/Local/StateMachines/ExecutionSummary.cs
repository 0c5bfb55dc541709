namespace CacheBackup.Local.StateMachines;

/// <summary>An execution in a list.</summary>
/// <param name="Key">Machine and name.</param>
/// <param name="Id">What it is known by outside.</param>
/// <param name="Status">The status.</param>
/// <param name="StartTime">When it started.</param>
/// <param name="StopTime">When it ended.</param>
public sealed record ExecutionSummary(ExecutionKey Key, string Id, ExecutionStatus Status, DateTimeOffset StartTime, DateTimeOffset? StopTime);
