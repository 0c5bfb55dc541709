namespace CacheBackup.Local.StateMachines;

/// <summary>An execution that did not succeed: what Step Functions' event <em>Execution Status Change</em> tells.</summary>
/// <param name="Key">The execution: machine and name.</param>
/// <param name="Id">What it is known by outside: what abandon is called with.</param>
/// <param name="Status">FAILED, TIMED_OUT or ABORTED.</param>
/// <param name="Error">The error's name, where there is one.</param>
/// <param name="Cause">What is known of why.</param>
/// <param name="StopTime">When it ended.</param>
public sealed record ExecutionEnded(ExecutionKey Key, string Id, ExecutionStatus Status, string? Error, string? Cause, DateTimeOffset StopTime);
