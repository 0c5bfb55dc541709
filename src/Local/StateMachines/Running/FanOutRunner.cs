using System.Text.Json;
using CacheBackup.Local.StateMachines.Json;
using CacheBackup.Local.StateMachines.Language;
using CacheBackup.Local.StateMachines.Paths;

namespace CacheBackup.Local.StateMachines.Running;

/// <summary>Runs the iterations of a Map or the branches of a Parallel side by side. The first that fails stops the others.</summary>
internal sealed class FanOutRunner(ExecutionRun run, ScopeRunner scopes)
{
    public async Task<JsonElement> RunAsync(StateVisit visit, MapState map, CancellationToken cancellationToken)
    {
        EvaluationScope scope = visit.InputScope();
        JsonElement items = StateValues.Array(map.ItemsPath, scope, nameof(MapState.ItemsPath));
        int concurrency = map.MaxConcurrencyPath is { } path
            ? StateValues.Integer(path, scope, nameof(MapState.MaxConcurrencyPath), 0, int.MaxValue)
            : map.MaxConcurrency;

        List<Strand> strands = [];
        foreach (JsonElement value in items.EnumerateArray())
        {
            var item = new MapItem(strands.Count, value);
            strands.Add(new Strand(map.Processor, item, () => map.ItemSelector?.Evaluate(scope with { Item = item }) ?? value));
        }

        return await RunAsync(visit, FanOutEvents.Map(map.Name), strands, concurrency == 0 ? run.Options.DefaultConcurrency : concurrency, cancellationToken);
    }

    public async Task<JsonElement> RunAsync(StateVisit visit, ParallelState parallel, CancellationToken cancellationToken)
    {
        EvaluationScope scope = visit.InputScope();
        JsonElement input = parallel.Parameters?.Evaluate(scope) ?? scope.Data;
        List<Strand> strands = [.. parallel.Branches.Select(branch => new Strand(branch, visit.Frame.Item, () => input))];
        return await RunAsync(visit, FanOutEvents.Parallel, strands, strands.Count, cancellationToken);
    }

    private async Task<JsonElement> RunAsync(
        StateVisit visit, FanOutEvents events, List<Strand> strands, int concurrency, CancellationToken cancellationToken)
    {
        int attempt = visit.FanOuts++;
        if (visit.Frame.Take(events.Started) is null)
        {
            run.Recorder.Record(visit.Frame, HistoryEvent.Of(events.Started) with { Length = events.HasLength ? strands.Count : null });
        }

        if (visit.Frame.Take(events.Failed) is { } failed)
        {
            throw Failure(failed);
        }

        var lanes = new Lanes(run, scopes, events, strands, visit.Frame, new HistoryFrame(visit.Entered.Id, attempt, 0));
        if (await lanes.RunAsync(concurrency, cancellationToken) is { } failure)
        {
            throw Failure(run.Recorder.Record(visit.Frame, HistoryEvent.Of(events.Failed) with { Error = failure.Error, Cause = failure.Cause }));
        }

        JsonElement result = JsonBuild.Array(lanes.Results);
        PayloadLimit.Check(result, "The results of all iterations together");
        if (visit.Frame.Take(events.Succeeded) is null)
        {
            run.Recorder.Record(visit.Frame, HistoryEvent.Of(events.Succeeded));
        }

        return result;
    }

    private static StateFailedException Failure(HistoryEvent failed) => new(failed.Error!, failed.Cause!) { At = failed.Timestamp };
}
