using System.Text.Json;
using CacheBackup.Local.StateMachines;
using CacheBackup.Local.Tests.StateMachines.Support;

namespace CacheBackup.Local.Tests.Machines;

/// <summary>Everything that follows from a contract: the good path, each retry, each end of retries, each time-out, the ways of Abandon.</summary>
internal static class MachineScenarios
{
    private const string Permanent = "CatalogConflictException";
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    public static IEnumerable<MachineScenario> Of(MachineContract contract) =>
    [
        new("the good path", machine => GoodPath(contract, machine)),
        new("its own time-out", machine => Assert.Equal(Week, machine.Timeout)),
        .. contract.Tasks.SelectMany(task => OfTask(contract, task)),
        .. contract.Abandon is { } abandon ? OfAbandon(contract, abandon) : [],
        .. contract.More,
    ];

    private static IEnumerable<MachineScenario> OfTask(MachineContract contract, TaskContract task)
    {
        if (task.IsService)
        {
            foreach (MachineScenario scenario in OfService(contract, task))
            {
                yield return scenario;
            }

            yield break;
        }

        yield return new($"{task.Function} fails for good", machine => FailsForGood(contract, task, machine));
        yield return new($"{task.Function} never answers", machine => NeverAnswers(contract, task, machine));
        foreach (RetryContract retry in task.Retries)
        {
            foreach (string error in retry.Errors)
            {
                yield return new($"{task.Function} is retried after {error}", machine => IsRetried(contract, task, retry, error, machine));
                yield return new($"{task.Function} gives up after {error}", machine => GivesUp(contract, task, retry, error, machine));
            }

            yield return new($"{task.Function} waits with jitter after {retry.Errors[0]}", machine => WaitsWithJitter(contract, task, retry, machine));
        }
    }

    /// <summary>No error of a service ends a machine by its name: a function looks at what came of the call.</summary>
    private static IEnumerable<MachineScenario> OfService(MachineContract contract, TaskContract task)
    {
        if (contract.Tasks.All(other => other.Function != task.Refused))
        {
            yield break;
        }

        foreach (string error in new[] { "ElastiCache.InvalidParameterValueException", "ElastiCache.AnyErrorException", "States.TaskFailed" })
        {
            yield return new($"{task.Function} fails with {error}", machine =>
            {
                MachineRun run = Script(contract);
                run.Functions.On(task.Function, $"!{error}");
                run.Run(machine, contract.Input);
                IsLookedAt(run, task, error, 1 + task.Retries.Sum(retry => retry.Attempts));
                Assert.Equal(contract.Waits + WaitsOf(task), run.Clock.Elapsed);
            });
        }

        if (task.Retries is [var retry])
        {
            yield return new($"{task.Function} is asked again", machine =>
            {
                MachineRun run = Script(contract, jitter: 0.5);
                run.Functions.On(task.Function, [.. Enumerable.Repeat($"!{retry.Errors[0]}", retry.Attempts), "!States.Timeout"]);
                run.Run(machine, contract.Input);
                IsLookedAt(run, task, "States.Timeout", retry.Attempts + 1);
                Assert.Equal(contract.Waits + (retry.Waits / 2), run.Clock.Elapsed);
            });
        }

        yield return new($"{task.Function} never answers", machine =>
        {
            MachineRun run = Script(contract);
            run.Functions.On(task.Function, Never);
            run.Run(machine, contract.Input);
            IsLookedAt(run, task, "States.Timeout", asked: 1);
            Assert.Equal(contract.Waits + TimeSpan.FromSeconds(task.TimeoutSeconds), run.Clock.Elapsed);
        });
    }

    private static TimeSpan WaitsOf(TaskContract task) => task.Retries.Aggregate(TimeSpan.Zero, (sum, retry) => sum + retry.Waits);

    private static void IsLookedAt(MachineRun run, TaskContract task, string error, int asked)
    {
        Assert.Equal((ExecutionStatus.Succeeded, null), (run.Result.Status, run.Result.Error));
        Assert.Equal(asked, run.Functions.Called.Count(function => function == task.Function));
        ScriptedCall look = run.Functions.Calls.SkipWhile(call => call.Function != task.Function).ElementAt(asked);
        Assert.Equal(task.Refused, look.Function);
        if (look.Payload.TryGetProperty("refusal", out JsonElement refusal))
        {
            Assert.Equal(error, refusal.GetProperty("Error").GetString());
        }
    }

    private static IEnumerable<MachineScenario> OfAbandon(MachineContract contract, TaskContract abandon)
    {
        foreach (RetryContract retry in abandon.Retries)
        {
            foreach (string error in retry.Errors)
            {
                yield return new($"Abandon is retried after {error}", machine => AbandonIsRetried(contract, abandon, retry, error, machine));
            }

            yield return new($"Abandon waits with jitter after {retry.Errors[0]}", machine =>
            {
                MachineRun run = Script(contract, jitter: 0.5);
                run.Functions.On(contract.Tasks[0].Function, $"!{Permanent}")
                    .On(abandon.Function, [.. Enumerable.Repeat($"!{retry.Errors[0]}", retry.Attempts), "null"]);
                run.Run(machine, contract.Input).Fails(Permanent);
                Assert.Equal(retry.Waits / 2, run.Clock.Elapsed);
            });
        }

        yield return new("Abandon fails for good", machine =>
        {
            MachineRun run = Script(contract);
            run.Functions.On(contract.Tasks[0].Function, $"!{Permanent}").On(abandon.Function, "!NotFoundException");
            run.Run(machine, contract.Input).Fails(Permanent);
        });
        yield return new("Abandon never answers", machine =>
        {
            MachineRun run = Script(contract);
            run.Functions.On(contract.Tasks[0].Function, $"!{Permanent}").On(abandon.Function, Never);
            run.Run(machine, contract.Input).Fails(Permanent);
            Assert.Equal(abandon.Silence.Time, run.Clock.Elapsed);
        });
    }

    private static void GoodPath(MachineContract contract, StateMachineDefinition machine)
    {
        MachineRun run = Script(contract).Run(machine, contract.Input);
        Assert.Equal(ExecutionStatus.Succeeded, run.Result.Status);
        Assert.Equal(contract.Tasks.Select(task => task.Function), run.Functions.Called);
        Assert.Equal(contract.Waits, run.Clock.Elapsed);
        foreach ((TaskContract task, ScriptedCall call) in contract.Tasks.Zip(run.Functions.Calls))
        {
            Assert.Equal(task.Payload.Order(), call.Payload.EnumerateObject().Select(member => member.Name).Order());
            if (!task.IsService)
            {
                Assert.Equal(call.Context.ExecutionId, call.Payload.GetProperty("execution").GetString());
            }
        }
    }

    private static void IsRetried(MachineContract contract, TaskContract task, RetryContract retry, string error, StateMachineDefinition machine)
    {
        MachineRun run = Script(contract);
        run.Functions.On(task.Function, [.. Enumerable.Repeat($"!{error}", retry.Attempts), Answer(contract, task)]);
        run.Run(machine, contract.Input);
        Assert.Equal((ExecutionStatus.Succeeded, null), (run.Result.Status, run.Result.Error));
        Assert.Equal(retry.Attempts + 1, run.Functions.Called.Count(function => function == task.Function));
        Assert.Equal(retry.Waits + contract.Waits, run.Clock.Elapsed);
    }

    private static void WaitsWithJitter(MachineContract contract, TaskContract task, RetryContract retry, StateMachineDefinition machine)
    {
        MachineRun run = Script(contract, jitter: 0.5);
        run.Functions.On(task.Function, [.. Enumerable.Repeat($"!{retry.Errors[0]}", retry.Attempts), Answer(contract, task)]);
        run.Run(machine, contract.Input);
        Assert.Equal((retry.Waits / 2) + contract.Waits, run.Clock.Elapsed);
    }

    private static void GivesUp(MachineContract contract, TaskContract task, RetryContract retry, string error, StateMachineDefinition machine)
    {
        MachineRun run = Script(contract);
        run.Functions.On(task.Function, $"!{error}");
        run.Run(machine, contract.Input);
        Assert.Equal(retry.Attempts + 1, run.Functions.Called.Count(function => function == task.Function));
        if (task.MayFail || task.Forgives.Contains(error))
        {
            GoesOn(contract, run);
            return;
        }

        run.Fails(error);
        IsAbandoned(contract, run, error);
    }

    private static void FailsForGood(MachineContract contract, TaskContract task, StateMachineDefinition machine)
    {
        MachineRun run = Script(contract);
        run.Functions.On(task.Function, $"!{Permanent}");
        run.Run(machine, contract.Input);
        Assert.Single(run.Functions.Called, task.Function);
        if (task.MayFail)
        {
            GoesOn(contract, run);
            return;
        }

        run.Fails(Permanent, "scripted");
        IsAbandoned(contract, run, Permanent);
        Assert.Equal(task.After, run.Clock.Elapsed);
    }

    private static void NeverAnswers(MachineContract contract, TaskContract task, StateMachineDefinition machine)
    {
        MachineRun run = Script(contract);
        run.Functions.On(task.Function, Never);
        run.Run(machine, contract.Input);
        Assert.Equal(task.Silence.Calls, run.Functions.Called.Count(function => function == task.Function));
        Assert.Equal(task.After + task.Silence.Time, run.Clock.Elapsed);
        if (task.MayFail)
        {
            GoesOn(contract, run);
            return;
        }

        run.Fails("States.Timeout");
        IsAbandoned(contract, run, "States.Timeout");
    }

    private static void GoesOn(MachineContract contract, MachineRun run)
    {
        Assert.Equal((ExecutionStatus.Succeeded, null), (run.Result.Status, run.Result.Error));
        Assert.DoesNotContain(contract.Abandon!.Function, run.Functions.Called);
    }

    private static void AbandonIsRetried(MachineContract contract, TaskContract abandon, RetryContract retry, string error, StateMachineDefinition machine)
    {
        MachineRun run = Script(contract);
        run.Functions.On(contract.Tasks[0].Function, $"!{Permanent}")
            .On(abandon.Function, [.. Enumerable.Repeat($"!{error}", retry.Attempts), "null"]);
        run.Run(machine, contract.Input).Fails(Permanent);
        Assert.Equal(retry.Attempts + 1, run.Functions.Called.Count(function => function == abandon.Function));
        Assert.Equal(retry.Waits, run.Clock.Elapsed);
    }

    private static void IsAbandoned(MachineContract contract, MachineRun run, string error)
    {
        if (contract.Abandon is not { } expected)
        {
            Assert.Equal("Failed", run.Log.Entries.LastOrDefault(entry => entry.Type == HistoryEventType.FailStateEntered)?.Name);
            return;
        }

        ScriptedCall abandon = run.Functions.Calls[^1];
        Assert.Equal(expected.Function, abandon.Function);
        Assert.Single(run.Functions.Called, expected.Function);
        Assert.Equal(expected.Payload.Order(), abandon.Payload.EnumerateObject().Select(member => member.Name).Order());
        Assert.Equal(error, abandon.Payload.GetProperty("failure").GetProperty("Error").GetString());
    }

    private static MachineRun Script(MachineContract contract, double jitter = 1)
    {
        MachineRun run = new() { Options = options => options with { Jitter = () => jitter } };
        foreach (TaskContract task in contract.Abandon is { } abandon ? contract.Tasks.Append(abandon) : contract.Tasks)
        {
            run.Functions.On(task.Function, Answer(contract, task));
        }

        return run;
    }

    private static string Answer(MachineContract contract, TaskContract task) => contract.Answers.GetValueOrDefault(task.Function, "null");

    private static async Task<JsonElement> Never(ScriptedCall call)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, call.Cancelled);
        return default;
    }
}
