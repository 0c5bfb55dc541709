using System.Text.Json;
using CacheBackup.Local.StateMachines.Language;
using CacheBackup.Local.StateMachines.Paths;

namespace CacheBackup.Local.StateMachines.Running;

/// <summary>One visit to a state, from the event by which it was entered.</summary>
internal sealed class StateVisit(ExecutionRun run, Frame frame, State state, HistoryEvent entered)
{
    public Frame Frame => frame;

    public HistoryEvent Entered => entered;

    /// <summary>The input before InputPath.</summary>
    public JsonElement RawInput { get; } = entered.Input!.Value;

    /// <summary>How many attempts came before: <c>$$.State.RetryCount</c>.</summary>
    public int RetryCount { get; set; }

    /// <summary>How many attempts of a Map or Parallel began before: the strands of each have their own identity.</summary>
    public int FanOuts { get; set; }

    public EvaluationScope Scope(JsonElement data) => new()
    {
        Data = data,
        Execution = run.Start,
        StateName = state.Name,
        StateEntered = entered.Timestamp,
        NewUuid = run.Options.NewUuid,
        RetryCount = RetryCount,
        Item = frame.Item,
    };

    /// <summary>What a state sees after InputPath.</summary>
    public EvaluationScope InputScope()
    {
        EvaluationScope raw = Scope(RawInput);
        return raw with { Data = state.InputPath.Select(raw, "InputPath") };
    }

    /// <summary>What a state passes on after OutputPath.</summary>
    public JsonElement Output(JsonElement data) => state.OutputPath.Select(Scope(data), "OutputPath");
}
