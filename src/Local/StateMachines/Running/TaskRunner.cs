using System.Text.Json;
using CacheBackup.Local.StateMachines.Json;
using CacheBackup.Local.StateMachines.Language;
using CacheBackup.Local.StateMachines.Paths;

namespace CacheBackup.Local.StateMachines.Running;

/// <summary>Runs one attempt of a Task: schedule, start, call, and the event by which it ended.</summary>
internal sealed class TaskRunner(ExecutionRun run)
{
    // Step Functions' bounds on what an event tells of an error.
    private const int MaximumErrorLength = 256;
    private const int MaximumCauseLength = 32_768;

    /// <exception cref="StateFailedException">The attempt failed or timed out.</exception>
    public async Task<JsonElement> RunAsync(StateVisit visit, TaskState task, CancellationToken cancellationToken)
    {
        HistoryEvent? cutOff = null;
        int restarts = 0;
        while (visit.Frame.Take(HistoryEventType.TaskScheduled) is { } recorded)
        {
            visit.Frame.Take(HistoryEventType.TaskStarted);
            HistoryEvent? end = TakeEnd(visit.Frame);
            if (end is not null and not { Error: StatesErrors.HostStopped })
            {
                return Conclude(end);
            }

            // Invariant: the same attempt is called with the same parameters, also where they hold an id that was made up.
            cutOff = recorded;
            restarts += end is null ? 1 : 0;
        }

        if (restarts > run.Options.MaximumRestarts)
        {
            return Conclude(run.Recorder.Record(visit.Frame, Event(HistoryEventType.TaskFailed, task) with
            {
                Error = StatesErrors.RuntimeExit,
                Cause = $"The host ended {restarts} times while this attempt of the state '{task.Name}' was running.",
            }));
        }

        cancellationToken.ThrowIfCancellationRequested();
        HistoryEvent scheduled = run.Recorder.Record(visit.Frame, cutOff is null ? Schedule(visit, task) : cutOff);
        HistoryEvent started = run.Recorder.Record(visit.Frame, Event(HistoryEventType.TaskStarted, task));
        await run.Recorder.FlushAsync();

        HistoryEvent ended = run.Recorder.Record(visit.Frame, await CallAsync(visit, task, scheduled, started, cancellationToken));
        if (ended.Error == StatesErrors.HostStopped)
        {
            throw new OperationCanceledException(cancellationToken);
        }

        await run.Recorder.FlushAsync();
        return Conclude(ended);
    }

    private static HistoryEvent? TakeEnd(Frame frame) => frame.Take(HistoryEventType.TaskSucceeded)
        ?? frame.Take(HistoryEventType.TaskFailed)
        ?? frame.Take(HistoryEventType.TaskTimedOut);

    private static JsonElement Conclude(HistoryEvent ended) => ended.Type == HistoryEventType.TaskSucceeded
        ? ended.Output!.Value
        : throw new StateFailedException(ended.Error!, ended.Cause!) { At = ended.Timestamp };

    private static HistoryEvent Event(HistoryEventType type, TaskState task) =>
        HistoryEvent.Of(type) with { ResourceType = task.Target.ResourceType, Resource = task.Target.Resource };

    private static HistoryEvent Schedule(StateVisit visit, TaskState task)
    {
        EvaluationScope scope = visit.InputScope();
        JsonElement given = task.Parameters?.Evaluate(scope) ?? scope.Data;
        JsonElement parameters = task.Target is TaskTarget.Function function ? InvokeParameters(function.Name, given) : given;
        PayloadLimit.Check(parameters, $"The input of the task in the state '{task.Name}'");
        return Event(HistoryEventType.TaskScheduled, task) with
        {
            Parameters = parameters,
            TimeoutInSeconds = task.TimeoutSecondsPath is { } path
                ? StateValues.Integer(path, scope, nameof(TaskState.TimeoutSecondsPath), 1, StateReader.MaximumSeconds)
                : task.TimeoutSeconds,
        };
    }

    private static JsonElement InvokeParameters(string function, JsonElement payload) => JsonBuild.From(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("FunctionName", function);
        writer.WritePropertyName("Payload");
        payload.WriteTo(writer);
        writer.WriteEndObject();
    });

    /// <summary>Calls, and turns the end of the call, its time-out or its failure into the event that tells of it.</summary>
    private async Task<HistoryEvent> CallAsync(
        StateVisit visit, TaskState task, HistoryEvent scheduled, HistoryEvent started, CancellationToken cancellationToken)
    {
        DateTimeOffset? limit = scheduled.TimeoutInSeconds is { } seconds ? started.Timestamp.AddSeconds(seconds) : null;
        DateTimeOffset? deadline = limit is null || run.Deadline < limit ? run.Deadline ?? limit : limit;
        var context = new TaskContext(run.Start.Key, run.Start.Id, task.Name, visit.RetryCount, deadline);
        try
        {
            var call = new TimedCall(run.Options.Clock, limit, run.Options.CancellationGrace);
            JsonElement? result = await call.RunAsync(token => InvokeAsync(task.Target, scheduled.Parameters!.Value, context, token), cancellationToken);
            if (result is not { } value)
            {
                return Event(HistoryEventType.TaskTimedOut, task) with
                {
                    Error = StatesErrors.Timeout,
                    Cause = $"The task of the state '{task.Name}' did not end within {scheduled.TimeoutInSeconds} s.",
                };
            }

            PayloadLimit.Check(value, $"The result of the task in the state '{task.Name}'");
            return Event(HistoryEventType.TaskSucceeded, task) with { Output = value };
        }
        catch (TaskFailedException failed)
        {
            return Event(HistoryEventType.TaskFailed, task) with
            {
                Error = Bounded(failed.ErrorType, MaximumErrorLength),
                Cause = Bounded(failed.Cause, MaximumCauseLength),
            };
        }
        catch (StateFailedException tooLarge)
        {
            return Event(HistoryEventType.TaskFailed, task) with { Error = tooLarge.Error, Cause = tooLarge.Cause };
        }
        catch (OperationCanceledException) when (run.IsHostStopping)
        {
            return Event(HistoryEventType.TaskFailed, task) with
            {
                Error = StatesErrors.HostStopped,
                Cause = "The host stopped. The task is called again when it is started.",
            };
        }
    }

    private static string Bounded(string text, int length) => text.Length <= length ? text : text[..length];

    private async Task<JsonElement> InvokeAsync(TaskTarget target, JsonElement parameters, TaskContext context, CancellationToken cancellationToken)
    {
        try
        {
            if (target is TaskTarget.Service service)
            {
                return Defined(await run.Options.Services.CallAsync(new ServiceCall(service.Name, service.Action, parameters), context, cancellationToken));
            }

            JsonElement payload = parameters.GetProperty("Payload");
            JsonElement returned = Defined(await run.Options.Invoker.InvokeAsync(((TaskTarget.Function)target).Name, payload, context, cancellationToken));
            return InvokeResult(returned);
        }
        catch (Exception thrown) when (thrown is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // The function's edge: whatever it throws is an error that the definition can name, as with Lambda.
            throw TaskFailedException.From(thrown);
        }
    }

    private static JsonElement InvokeResult(JsonElement payload) => JsonBuild.From(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("ExecutedVersion", "$LATEST");
        writer.WritePropertyName("Payload");
        payload.WriteTo(writer);
        writer.WriteNumber("StatusCode", 200);
        writer.WriteEndObject();
    });

    private static JsonElement Defined(JsonElement value) => value.ValueKind == JsonValueKind.Undefined ? JsonBuild.Null : value.Clone();
}
