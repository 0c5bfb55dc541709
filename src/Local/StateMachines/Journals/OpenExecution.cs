namespace CacheBackup.Local.StateMachines.Journals;

/// <summary>An execution that the host knows of, with what must be quick to say about it.</summary>
internal sealed class OpenExecution(ExecutionFolder folder, string id, DateTimeOffset startTime)
{
    private readonly Lock _gate = new();
    private string? _lastState;
    private TaskCompletionSource<ExecutionResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ExecutionFolder Folder => folder;

    public ExecutionKey Key => folder.Key;

    public string Id => id;

    public DateTimeOffset StartTime => startTime;

    public EndRecord? End { get; private set; }

    /// <summary>Set while it is at work in this process.</summary>
    public Execution? Running { get; private set; }

    /// <summary>The task that runs it, or tells of its end.</summary>
    public Task Work { get; private set; } = Task.CompletedTask;

    public string? Stalled { get; private set; }

    /// <summary>The state that it is in, or ended in.</summary>
    public string? CurrentState => Running?.CurrentState ?? End?.State ?? _lastState;

    public ExecutionStatus Status => End?.Result.Status ?? ExecutionStatus.Running;

    public Task<ExecutionResult> Completion
    {
        get
        {
            lock (_gate)
            {
                return _completion.Task;
            }
        }
    }

    public bool IsIdle => Running is null && Work.IsCompleted;

    public void Begin(Execution execution, Func<Execution, Task> work)
    {
        lock (_gate)
        {
            Running = execution;
            Stalled = null;
            if (_completion.Task.IsFaulted)
            {
                _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        BeginWork(() => work(execution));
    }

    public void BeginWork(Func<Task> work) => Work = LaterAsync(work);

    /// <summary>It has halted: the host is stopping.</summary>
    public void Halt(ExecutionResult result)
    {
        _lastState = CurrentState;
        Running = null;
        Source().TrySetResult(result);
    }

    public void Stall(string reason)
    {
        Running = null;
        Stalled = reason;
        Source().TrySetException(new IOException($"The execution '{Key}' stands still: its journal cannot be written: {reason}"));
    }

    public void SetEnd(EndRecord end)
    {
        _lastState = end.State;
        End = end;
        Running = null;
        Source().TrySetResult(end.Result);
    }

    public ExecutionSummary Summarize() => new(Key, Id, Status, StartTime, End?.Result.StopTime);

    private static async Task LaterAsync(Func<Task> work)
    {
        // Not within the call that begins it, which may hold what the work waits for.
        await Task.Yield();
        await work();
    }

    private TaskCompletionSource<ExecutionResult> Source()
    {
        lock (_gate)
        {
            return _completion;
        }
    }
}
