namespace CacheBackup.Local.StateMachines;

/// <summary>Whose task it is.</summary>
/// <param name="Execution">The execution: machine and name.</param>
/// <param name="ExecutionId">What it is known by outside: <c>$$.Execution.Id</c>.</param>
/// <param name="State">The Task state's name.</param>
/// <param name="RetryCount">How many attempts of this state came before, from 0: <c>$$.State.RetryCount</c>.</param>
/// <param name="Deadline">When the task's or the machine's time-out ends it; null without a limit.</param>
public sealed record TaskContext(ExecutionKey Execution, string ExecutionId, string State, int RetryCount, DateTimeOffset? Deadline);
