using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>Starts and watches state machines: Step Functions in AWS, the local runner on one machine.</summary>
public interface IExecutions
{
    /// <summary>
    /// The id that an execution of that name has or will have: it is known, and written into records, before the execution starts.
    /// </summary>
    ExecutionId IdOf(string machine, string name);

    /// <summary>Whether this installation would know the execution: another machine's executions are left to it.</summary>
    bool Knows(ExecutionId id);

    /// <summary>Starts an execution with a JSON input. One of that name and input that exists already is as good as started.</summary>
    Task StartAsync(ExecutionId id, ReadOnlyMemory<byte> input, CancellationToken cancellationToken);

    /// <summary>Null: it was never started, or is another installation's.</summary>
    Task<ExecutionDescription?> DescribeAsync(ExecutionId id, CancellationToken cancellationToken);

    /// <summary>The executions of this installation that run now, the last started first.</summary>
    /// <param name="machine">Only of this machine; null: of every one.</param>
    /// <param name="most">How many at most.</param>
    Task<IReadOnlyList<ExecutionDescription>> ListRunningAsync(string? machine, int most, CancellationToken cancellationToken);

    /// <summary>Forgets executions that ended before; AWS does so by itself.</summary>
    /// <returns>How many.</returns>
    Task<int> ForgetEndedAsync(DateTimeOffset before, CancellationToken cancellationToken) => Task.FromResult(0);

    /// <summary>Ends a running execution as aborted. One that has ended stays as it is.</summary>
    Task StopAsync(ExecutionId id, string error, string cause, CancellationToken cancellationToken);
}
