using CacheBackup.Local.StateMachines.Language;

namespace CacheBackup.Local.StateMachines.Running;

/// <summary>Which events a state type has.</summary>
internal static class EventTypes
{
    public static HistoryEventType Entered(State state) => state switch
    {
        TaskState => HistoryEventType.TaskStateEntered,
        MapState => HistoryEventType.MapStateEntered,
        ParallelState => HistoryEventType.ParallelStateEntered,
        PassState => HistoryEventType.PassStateEntered,
        WaitState => HistoryEventType.WaitStateEntered,
        ChoiceState => HistoryEventType.ChoiceStateEntered,
        SucceedState => HistoryEventType.SucceedStateEntered,
        FailState => HistoryEventType.FailStateEntered,
        _ => throw new ArgumentOutOfRangeException(nameof(state), state.GetType().Name, null),
    };

    public static HistoryEventType Exited(State state) => state switch
    {
        TaskState => HistoryEventType.TaskStateExited,
        MapState => HistoryEventType.MapStateExited,
        ParallelState => HistoryEventType.ParallelStateExited,
        PassState => HistoryEventType.PassStateExited,
        WaitState => HistoryEventType.WaitStateExited,
        ChoiceState => HistoryEventType.ChoiceStateExited,
        SucceedState => HistoryEventType.SucceedStateExited,
        _ => throw new ArgumentOutOfRangeException(nameof(state), state.GetType().Name, null),
    };

    public static bool IsStateExited(HistoryEventType type) => type is HistoryEventType.TaskStateExited
        or HistoryEventType.MapStateExited or HistoryEventType.ParallelStateExited or HistoryEventType.PassStateExited
        or HistoryEventType.WaitStateExited or HistoryEventType.ChoiceStateExited or HistoryEventType.SucceedStateExited;

    public static bool IsExecutionEnd(HistoryEventType type) => type is HistoryEventType.ExecutionSucceeded
        or HistoryEventType.ExecutionFailed or HistoryEventType.ExecutionTimedOut or HistoryEventType.ExecutionAborted;
}
