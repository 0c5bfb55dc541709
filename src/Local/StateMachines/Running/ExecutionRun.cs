using System.Text.Json;
using CacheBackup.Local.StateMachines.Json;

namespace CacheBackup.Local.StateMachines.Running;

/// <summary>One execution at work: from its first event, or from where its recorded events leave off, to its end.</summary>
internal sealed class ExecutionRun
{
    private readonly StateMachineDefinition _definition;
    private readonly StopSignal _stop;
    private readonly SemaphoreSlim? _places;

    public ExecutionRun(
        StateMachineDefinition definition,
        ExecutionStart start,
        RunnerOptions options,
        IExecutionLog log,
        ExecutionReplay replay,
        StopSignal stop,
        SemaphoreSlim? places)
    {
        _definition = definition;
        _stop = stop;
        _places = places;
        Start = start;
        Options = options;
        Replay = replay;
        Recorder = new EventRecorder(log, options.Clock, replay.LastEventId);
        Deadline = definition.Timeout is { } timeout ? start.StartTime + timeout : null;
    }

    public ExecutionStart Start { get; }

    public RunnerOptions Options { get; }

    public ExecutionReplay Replay { get; }

    public EventRecorder Recorder { get; }

    /// <summary>The state that it is in, or ended in; of a Map, the Map.</summary>
    public string? CurrentState { get; set; }

    /// <summary>When the machine's own time-out ends it.</summary>
    public DateTimeOffset? Deadline { get; }

    public bool IsHostStopping => _stop.Request is { Reason: StopReason.HostStopping };

    /// <exception cref="LogUnavailableException">The execution did not end: its log cannot be written.</exception>
    public async Task<ExecutionResult> RunAsync()
    {
        var root = new Frame(HistoryFrame.Root, 0, null, Replay.Find(HistoryFrame.Root));
        using var ended = new CancellationTokenSource();
        Task deadline = WatchDeadlineAsync(ended.Token);
        HistoryEvent? end;
        try
        {
            end = await RunToEndAsync(root);
        }
        finally
        {
            ended.Signal();
            await deadline;
        }

        if (end is null)
        {
            return new ExecutionResult(ExecutionStatus.Running, null, null, null, Options.Clock.GetUtcNow());
        }

        // What is left to replay of a strand that was stopped does not matter any more.
        HistoryEvent recorded = Recorder.Record(new Frame(HistoryFrame.Root, root.LastEventId, null, null), end);
        await Recorder.FlushAsync();
        return Result(recorded);
    }

    /// <summary>The result that the last event of a history tells of.</summary>
    public static ExecutionResult Result(HistoryEvent end) => new(
        end.Type switch
        {
            HistoryEventType.ExecutionSucceeded => ExecutionStatus.Succeeded,
            HistoryEventType.ExecutionTimedOut => ExecutionStatus.TimedOut,
            HistoryEventType.ExecutionAborted => ExecutionStatus.Aborted,
            _ => ExecutionStatus.Failed,
        },
        end.Output,
        end.Error,
        end.Cause,
        end.Timestamp);

    /// <returns>The event by which it ends; null if it is left for a later start of the host.</returns>
    private async Task<HistoryEvent?> RunToEndAsync(Frame root)
    {
        bool hasPlace = false;
        try
        {
            if (_places is not null)
            {
                await _places.WaitAsync(_stop.Token);
                hasPlace = true;
            }

            if (!Replay.HasStarted)
            {
                Recorder.Record(root, HistoryEvent.Of(HistoryEventType.ExecutionStarted) with { Input = Start.Input });
            }

            PayloadLimit.Check(Start.Input, "The execution's input");
            JsonElement output = await new ScopeRunner(this).RunAsync(root, _definition.Scope, Start.Input, _stop.Token);
            return HistoryEvent.Of(HistoryEventType.ExecutionSucceeded) with { Output = output };
        }
        catch (StateFailedException failure)
        {
            return Failed(failure.Error, failure.Cause);
        }
        catch (HistoryFullException)
        {
            return Failed(StatesErrors.Runtime, $"The execution reached the maximum number of history events ({EventRecorder.MaximumEvents}).");
        }
        catch (ReplayMismatchException mismatch)
        {
            return Failed(StatesErrors.Runtime, $"The execution could not be resumed: {mismatch.Message}.");
        }
        catch (OperationCanceledException) when (_stop.Request is { } request)
        {
            return request.Reason switch
            {
                StopReason.Aborted => HistoryEvent.Of(HistoryEventType.ExecutionAborted) with { Error = request.Error, Cause = request.Cause },
                StopReason.TimedOut => HistoryEvent.Of(HistoryEventType.ExecutionTimedOut) with { Error = request.Error, Cause = request.Cause },
                _ => null,
            };
        }
        finally
        {
            if (hasPlace)
            {
                _places!.Release();
            }
        }
    }

    private static HistoryEvent Failed(string error, string cause) =>
        HistoryEvent.Of(HistoryEventType.ExecutionFailed) with { Error = error, Cause = cause };

    private async Task WatchDeadlineAsync(CancellationToken ended)
    {
        if (Deadline is not { } deadline)
        {
            return;
        }

        try
        {
            await Options.Clock.UntilAsync(deadline, ended);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        _stop.Stop(new StopRequest(StopReason.TimedOut, StatesErrors.Timeout, $"The execution did not end within {_definition.Timeout}."));
    }
}
