namespace CacheBackup.Local.StateMachines;

/// <summary>An execution that was asked for.</summary>
/// <param name="Id">Machine and name.</param>
/// <param name="StartTime">When it started.</param>
/// <param name="IsNew">False: one of the same name and input was running already, and this is it.</param>
public sealed record StartedExecution(ExecutionId Id, DateTimeOffset StartTime, bool IsNew);
