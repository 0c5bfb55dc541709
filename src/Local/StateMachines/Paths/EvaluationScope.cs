using System.Text.Json;
using CacheBackup.Local.StateMachines.Json;

namespace CacheBackup.Local.StateMachines.Paths;

/// <summary>What a path, template or intrinsic can see: the data in hand, the context object, and the source of new ids.</summary>
internal sealed record EvaluationScope
{
    // A machine on one machine has no ARN; what matters is that the id is the same in every execution.
    private const string MachineIdStart = "arn:aws:states:local:000000000000:stateMachine:";

    public required JsonElement Data { get; init; }

    public required ExecutionStart Execution { get; init; }

    public required string StateName { get; init; }

    public required DateTimeOffset StateEntered { get; init; }

    public required Func<Guid> NewUuid { get; init; }

    public int RetryCount { get; init; }

    public MapItem? Item { get; init; }

    public JsonElement Context(ContextField field) => field switch
    {
        ContextField.ExecutionId => JsonBuild.Text(Execution.Id),
        ContextField.ExecutionName => JsonBuild.Text(Execution.Key.Name),
        ContextField.ExecutionStartTime => JsonBuild.Text(Timestamps.Format(Execution.StartTime)),
        ContextField.ExecutionInput => Execution.Input,
        ContextField.StateName => JsonBuild.Text(StateName),
        ContextField.StateEnteredTime => JsonBuild.Text(Timestamps.Format(StateEntered)),
        ContextField.StateRetryCount => JsonBuild.Number(RetryCount),
        ContextField.StateMachineId => JsonBuild.Text($"{MachineIdStart}{Execution.Key.StateMachine}"),
        ContextField.StateMachineName => JsonBuild.Text(Execution.Key.StateMachine),
        ContextField.MapItemIndex => JsonBuild.Number(Item!.Index),
        ContextField.MapItemValue => Item!.Value,
        _ => throw new ArgumentOutOfRangeException(nameof(field), field, null),
    };
}
