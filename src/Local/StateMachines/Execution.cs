using CacheBackup.Local.StateMachines.Running;

namespace CacheBackup.Local.StateMachines;

/// <summary>An execution that is under way in this process.</summary>
public sealed class Execution
{
    private readonly StopSignal _stop;
    private readonly ExecutionRun? _run;

    internal Execution(ExecutionStart start, StopSignal stop, ExecutionRun? run, Task<ExecutionResult> completion)
    {
        _stop = stop;
        _run = run;
        Start = start;
        Completion = completion;
    }

    /// <summary>What it began with.</summary>
    public ExecutionStart Start { get; }

    /// <summary>The state that it is in, or ended in; of a Map, the Map. Null before the first.</summary>
    public string? CurrentState => _run?.CurrentState;

    /// <summary>Its end. Faults only if its log can no longer be written.</summary>
    public Task<ExecutionResult> Completion { get; }

    /// <summary>
    /// Ends it as ABORTED: the running tasks' tokens are cancelled, and it ends once they have, or after the grace. Nothing if it has
    /// ended already.
    /// </summary>
    public async Task<ExecutionResult> StopAsync(string? error, string? cause)
    {
        _stop.Stop(new StopRequest(StopReason.Aborted, error, cause));
        return await Completion;
    }

    /// <summary>Halts it without an end, to be resumed from its log.</summary>
    public async Task<ExecutionResult> SuspendAsync()
    {
        _stop.Stop(new StopRequest(StopReason.HostStopping));
        return await Completion;
    }
}
