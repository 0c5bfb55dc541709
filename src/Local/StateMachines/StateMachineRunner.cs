using CacheBackup.Local.StateMachines.Running;

namespace CacheBackup.Local.StateMachines;

/// <summary>Executes state machines in process. It keeps nothing itself: what happened goes to each execution's log.</summary>
public sealed class StateMachineRunner(RunnerOptions options)
{
    /// <summary>Begins an execution.</summary>
    /// <param name="definition">The machine.</param>
    /// <param name="start">Its identity, start time and input.</param>
    /// <param name="log">Where its events go.</param>
    public Execution Start(StateMachineDefinition definition, ExecutionStart start, IExecutionLog log) =>
        Resume(definition, start, log, []);

    /// <summary>
    /// Goes on with an execution that was cut off. States that were finished are not run again; a task that was in flight is called
    /// again with the same parameters; a Wait and the delay of a Retry end when they would have ended.
    /// </summary>
    /// <param name="definition">The machine as it was when the execution began.</param>
    /// <param name="start">What the execution began with.</param>
    /// <param name="log">Where its further events go.</param>
    /// <param name="history">All its events until now.</param>
    public Execution Resume(StateMachineDefinition definition, ExecutionStart start, IExecutionLog log, IEnumerable<HistoryEvent> history)
    {
        var replay = new ExecutionReplay();
        foreach (HistoryEvent entry in history)
        {
            replay.Add(entry);
        }

        return Resume(definition, start, log, replay, places: null);
    }

    /// <param name="definition">The machine as it was when the execution began.</param>
    /// <param name="start">What the execution began with.</param>
    /// <param name="log">Where its further events go.</param>
    /// <param name="replay">Where it stands.</param>
    /// <param name="places">What it holds one place of while it is at work; it waits for a free one.</param>
    internal Execution Resume(
        StateMachineDefinition definition, ExecutionStart start, IExecutionLog log, ExecutionReplay replay, SemaphoreSlim? places)
    {
        var stop = new StopSignal();
        if (replay.Ended is { } end)
        {
            return new Execution(start, stop, null, Task.FromResult(ExecutionRun.Result(end)));
        }

        var run = new ExecutionRun(definition, start, options, log, replay, stop, places);
        return new Execution(start, stop, run, RunAsync(run));
    }

    private static async Task<ExecutionResult> RunAsync(ExecutionRun run)
    {
        // The caller goes on while the execution begins.
        await Task.Yield();
        return await run.RunAsync();
    }
}
