namespace CacheBackup.Local.StateMachines;

/// <summary>As many executions as the host takes are open.</summary>
public sealed class ExecutionLimitExceededException : Exception
{
    internal ExecutionLimitExceededException(int maximum)
        : base($"{maximum} executions are open, which is as many as this host takes. Wait for some to end.")
    {
    }
}
