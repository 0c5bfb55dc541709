namespace CacheBackup.Local.StateMachines.Running;

/// <summary>Why an execution is to stop, with the error and cause that it will end with.</summary>
internal sealed record StopRequest(StopReason Reason, string? Error = null, string? Cause = null);
