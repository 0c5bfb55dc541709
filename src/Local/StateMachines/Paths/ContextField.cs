namespace CacheBackup.Local.StateMachines.Paths;

/// <summary>The fields of the context object (<c>$$</c>) that a definition may read.</summary>
internal enum ContextField
{
    ExecutionId,
    ExecutionName,
    ExecutionStartTime,
    ExecutionInput,
    StateName,
    StateEnteredTime,
    StateRetryCount,
    StateMachineId,
    StateMachineName,
    MapItemIndex,
    MapItemValue,
}
