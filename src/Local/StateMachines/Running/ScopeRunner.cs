using System.Text.Json;
using CacheBackup.Local.StateMachines.Json;
using CacheBackup.Local.StateMachines.Language;
using CacheBackup.Local.StateMachines.Paths;

namespace CacheBackup.Local.StateMachines.Running;

/// <summary>Runs the states of a scope, one after the other, in one strand.</summary>
internal sealed class ScopeRunner
{
    private readonly ExecutionRun _run;
    private readonly TaskRunner _tasks;
    private readonly FanOutRunner _fanOuts;

    public ScopeRunner(ExecutionRun run)
    {
        _run = run;
        _tasks = new TaskRunner(run);
        _fanOuts = new FanOutRunner(run, this);
    }

    /// <exception cref="StateFailedException">A state failed and nothing caught it.</exception>
    public async Task<JsonElement> RunAsync(Frame frame, StateScope scope, JsonElement input, CancellationToken cancellationToken)
    {
        StateOutcome at = frame.LastExit ?? new StateOutcome(input, scope.StartAt);
        while (at.Next is not null)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!scope.States.TryGetValue(at.Next, out State? state))
            {
                throw new ReplayMismatchException($"the recorded events lead to the state '{at.Next}', which the definition does not have");
            }

            at = await RunStateAsync(frame, state, at.Output, cancellationToken);
        }

        return at.Output;
    }

    private async Task<StateOutcome> RunStateAsync(Frame frame, State state, JsonElement input, CancellationToken cancellationToken)
    {
        HistoryEventType type = EventTypes.Entered(state);
        HistoryEvent entered = frame.Take(type) ?? _run.Recorder.Record(frame, HistoryEvent.Of(type) with { Name = state.Name, Input = input });
        if (entered.Name != state.Name)
        {
            throw new ReplayMismatchException($"the state '{entered.Name}' was entered where the definition has '{state.Name}'");
        }

        if (frame.Id == HistoryFrame.Root)
        {
            _run.CurrentState = state.Name;
        }

        var visit = new StateVisit(_run, frame, state, entered);
        StateOutcome outcome = state switch
        {
            TaskState task => await RunRetryableAsync(visit, task, () => _tasks.RunAsync(visit, task, cancellationToken), cancellationToken),
            MapState map => await RunRetryableAsync(visit, map, () => _fanOuts.RunAsync(visit, map, cancellationToken), cancellationToken),
            ParallelState parallel => await RunRetryableAsync(visit, parallel, () => _fanOuts.RunAsync(visit, parallel, cancellationToken), cancellationToken),
            PassState pass => RunPass(visit, pass),
            WaitState wait => await RunWaitAsync(visit, wait, cancellationToken),
            ChoiceState choice => RunChoice(visit, choice),
            SucceedState => new StateOutcome(visit.Output(visit.InputScope().Data), null),
            FailState fail => throw Failure(visit, fail),
            _ => throw new ReplayMismatchException($"the state '{state.Name}' is of a type that cannot be run"),
        };

        PayloadLimit.Check(outcome.Output, $"The output of the state '{state.Name}'");
        _run.Recorder.Record(frame, HistoryEvent.Of(EventTypes.Exited(state)) with { Name = state.Name, Output = outcome.Output, Next = outcome.Next });
        return outcome;
    }

    /// <summary>Try, wait and try again, or go to the catcher's state: the retriers first, as the language has it.</summary>
    private async Task<StateOutcome> RunRetryableAsync(
        StateVisit visit, RetryableState state, Func<Task<JsonElement>> attempt, CancellationToken cancellationToken)
    {
        var policy = new RetryPolicy(state.Retry, _run.Options.Jitter);
        while (true)
        {
            StateFailedException failure;
            try
            {
                return new StateOutcome(Result(visit, state, await attempt()), state.Next);
            }
            catch (StateFailedException failed)
            {
                failure = failed;
            }

            if (policy.NextDelay(failure.Error) is { } delay)
            {
                // An attempt that is recorded already has waited already.
                if (!visit.Frame.IsReplaying)
                {
                    await _run.Options.Clock.UntilAsync((failure.At ?? _run.Options.Clock.GetUtcNow()) + delay, cancellationToken);
                }

                visit.RetryCount++;
                continue;
            }

            return state.Catch.FirstOrDefault(catcher => catcher.Errors.Match(failure.Error)) is { } caught
                ? new StateOutcome(Caught(visit, caught, failure), caught.Next)
                : throw failure;
        }
    }

    /// <summary>ResultSelector on the result, ResultPath into the raw input, OutputPath on both.</summary>
    private static JsonElement Result(StateVisit visit, RetryableState state, JsonElement result)
    {
        JsonElement selected = state.ResultSelector?.Evaluate(visit.Scope(result)) ?? result;
        return visit.Output(state.ResultPath is null ? visit.RawInput : state.ResultPath.Put(visit.RawInput, selected));
    }

    /// <summary>A catcher's output is not filtered by OutputPath.</summary>
    private static JsonElement Caught(StateVisit visit, Catcher catcher, StateFailedException failure)
    {
        JsonElement error = JsonBuild.From(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("Error", failure.Error);
            writer.WriteString("Cause", failure.Cause);
            writer.WriteEndObject();
        });
        return catcher.ResultPath is null ? visit.RawInput : catcher.ResultPath.Put(visit.RawInput, error);
    }

    private static StateOutcome RunPass(StateVisit visit, PassState pass)
    {
        EvaluationScope scope = visit.InputScope();
        JsonElement result = pass.Result ?? pass.Parameters?.Evaluate(scope) ?? scope.Data;
        return new StateOutcome(visit.Output(pass.ResultPath is null ? visit.RawInput : pass.ResultPath.Put(visit.RawInput, result)), pass.Next);
    }

    /// <summary>The end counts from when the state was entered, so a restart of the host does not lengthen it.</summary>
    private async Task<StateOutcome> RunWaitAsync(StateVisit visit, WaitState wait, CancellationToken cancellationToken)
    {
        EvaluationScope scope = visit.InputScope();
        DateTimeOffset until = wait switch
        {
            { Timestamp: { } moment } => moment,
            { TimestampPath: { } path } => StateValues.Timestamp(path, scope, nameof(WaitState.TimestampPath)),
            { SecondsPath: { } path } => visit.Entered.Timestamp.AddSeconds(
                StateValues.Integer(path, scope, nameof(WaitState.SecondsPath), 0, StateReader.MaximumSeconds)),
            _ => visit.Entered.Timestamp.AddSeconds(wait.Seconds!.Value),
        };
        await _run.Options.Clock.UntilAsync(until, cancellationToken);
        return new StateOutcome(visit.Output(scope.Data), wait.Next);
    }

    private static StateOutcome RunChoice(StateVisit visit, ChoiceState choice)
    {
        EvaluationScope scope = visit.InputScope();
        string next = choice.Choices.FirstOrDefault(rule => rule.Condition.Holds(scope))?.Next
            ?? choice.Default
            ?? throw new StateFailedException(StatesErrors.NoChoiceMatched, $"No choice of the state '{choice.Name}' holds, and it has no Default.");
        return new StateOutcome(visit.Output(scope.Data), next);
    }

    private static StateFailedException Failure(StateVisit visit, FailState fail)
    {
        EvaluationScope scope = visit.Scope(visit.RawInput);
        return new StateFailedException(
            fail.ErrorPath is null ? fail.Error ?? "" : StateValues.Text(fail.ErrorPath, scope, nameof(FailState.ErrorPath)),
            fail.CausePath is null ? fail.Cause ?? "" : StateValues.Text(fail.CausePath, scope, nameof(FailState.CausePath)));
    }
}
