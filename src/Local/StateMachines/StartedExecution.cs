namespace CacheBackup.Local.StateMachines;

/// <summary>An execution that was asked for.</summary>
/// <param name="Key">Machine and name.</param>
/// <param name="Id">What it is known by outside.</param>
/// <param name="StartTime">When it started.</param>
/// <param name="IsNew">False: one of the same name and input was running already, and this is it.</param>
public sealed record StartedExecution(ExecutionKey Key, string Id, DateTimeOffset StartTime, bool IsNew);
