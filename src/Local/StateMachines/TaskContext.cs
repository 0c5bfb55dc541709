namespace CacheBackup.Local.StateMachines;

/// <summary>Whose task it is.</summary>
/// <param name="Execution">The execution.</param>
/// <param name="State">The Task state's name.</param>
/// <param name="RetryCount">How many attempts of this state came before, from 0: <c>$$.State.RetryCount</c>.</param>
/// <param name="Deadline">When the task's or the machine's time-out ends it; null without a limit.</param>
public sealed record TaskContext(ExecutionId Execution, string State, int RetryCount, DateTimeOffset? Deadline);
