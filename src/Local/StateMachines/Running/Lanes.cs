using System.Text.Json;

namespace CacheBackup.Local.StateMachines.Running;

/// <summary>The strands of one attempt of a Map or Parallel: so many at once, started in order, each resumed where it stood.</summary>
internal sealed class Lanes(
    ExecutionRun run, ScopeRunner scopes, FanOutEvents events, IReadOnlyList<Strand> strands, Frame parent, HistoryFrame first)
{
    private readonly JsonElement[] _results = new JsonElement[strands.Count];
    private StateFailedException? _failure;
    private int _next = -1;

    /// <summary>The outputs, in the order of the items; complete once <see cref="RunAsync"/> gave no failure.</summary>
    public IReadOnlyList<JsonElement> Results => _results;

    /// <returns>The failure that stopped the others, if there was one.</returns>
    public async Task<StateFailedException?> RunAsync(int concurrency, CancellationToken cancellationToken)
    {
        if (FindRecordedFailure() is { } recorded)
        {
            return recorded;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var lanes = new Task[Math.Min(concurrency, strands.Count)];
        for (int i = 0; i < lanes.Length; i++)
        {
            lanes[i] = RunLaneAsync(stop, cancellationToken);
        }

        await Task.WhenAll(lanes);
        cancellationToken.ThrowIfCancellationRequested();
        return _failure;
    }

    /// <summary>An iteration had failed when the host stopped: the others must not be taken up again only to be stopped.</summary>
    private StateFailedException? FindRecordedFailure()
    {
        HistoryEvent? failed = Enumerable.Range(0, strands.Count)
            .Select(i => run.Replay.Find(first with { Index = i })?.Ended)
            .FirstOrDefault(ended => ended?.Type == HistoryEventType.MapIterationFailed);
        if (failed is null)
        {
            return null;
        }

        for (int i = 0; i < strands.Count; i++)
        {
            if (run.Replay.Find(first with { Index = i }) is { HasStarted: true, Ended: null } cutOff)
            {
                RecordIteration(new Frame(first with { Index = i }, cutOff.LastEventId, null, null), HistoryEventType.MapIterationAborted, i);
            }
        }

        return new StateFailedException(failed.Error!, failed.Cause!);
    }

    private async Task RunLaneAsync(CancellationTokenSource stop, CancellationToken cancellationToken)
    {
        try
        {
            while (!stop.IsCancellationRequested && Interlocked.Increment(ref _next) is var index && index < strands.Count)
            {
                _results[index] = await RunStrandAsync(index, stop.Token, cancellationToken);
            }
        }
        catch (StateFailedException failure)
        {
            Interlocked.CompareExchange(ref _failure, failure, null);
            stop.Signal();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // Stopped by the failure of another, which is what is reported.
        }
        catch
        {
            stop.Signal();
            throw;
        }
    }

    private async Task<JsonElement> RunStrandAsync(int index, CancellationToken stop, CancellationToken cancellationToken)
    {
        HistoryFrame id = first with { Index = index };
        FrameReplay? replay = run.Replay.Find(id);
        if (replay?.Ended?.Type == HistoryEventType.MapIterationSucceeded)
        {
            return replay.LastExit!.Value.Output;
        }

        Strand strand = strands[index];
        var frame = new Frame(id, parent.LastEventId, strand.Item, replay);
        if (replay is not { HasStarted: true })
        {
            RecordIteration(frame, HistoryEventType.MapIterationStarted, index);
        }

        try
        {
            JsonElement output = await scopes.RunAsync(frame, strand.Scope, strand.Input(), stop);
            RecordIteration(frame, HistoryEventType.MapIterationSucceeded, index);
            return output;
        }
        catch (StateFailedException failure)
        {
            RecordIteration(frame, HistoryEventType.MapIterationFailed, index, failure);
            throw;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            RecordIteration(frame, HistoryEventType.MapIterationAborted, index);
            throw;
        }
    }

    private void RecordIteration(Frame frame, HistoryEventType type, int index, StateFailedException? failure = null)
    {
        if (events.IterationName is { } name)
        {
            run.Recorder.Record(frame, HistoryEvent.Of(type) with { Name = name, Index = index, Error = failure?.Error, Cause = failure?.Cause });
        }
    }
}
