namespace CacheBackup.Core.Operations;

/// <summary>How an execution stands, as Step Functions names it.</summary>
public enum ExecutionStatus
{
    Running,
    Succeeded,
    Failed,
    TimedOut,
    Aborted,
}
