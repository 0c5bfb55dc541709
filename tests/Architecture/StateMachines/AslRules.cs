using System.Text.Json;

namespace CacheBackup.Architecture.Tests.StateMachines;

/// <summary>What holds of every machine beyond being valid ASL; each rule yields a sentence for each place that breaks it.</summary>
public sealed class AslRules(ErrorNames errors, IReadOnlyList<HandlerFunction> functions)
{
    // A second run must not start beside a live one: Step Functions waits this much longer than Lambda lets the function run.
    private const int TimeoutMarginSeconds = 30;

    private const int MaxAttempts = 100;

    public IEnumerable<string> Check(AslMachine machine) =>
        CheckMachine(machine).Concat(machine.States.SelectMany(CheckState)).Select(broken => $"{machine.Name}: {broken}");

    private static IEnumerable<string> CheckMachine(AslMachine machine)
    {
        if (machine.Root.TryGetProperty("QueryLanguage", out var language) && language.GetString() != "JSONPath")
        {
            yield return $"is written in {language}, not in JSONPath";
        }

        foreach (var name in machine.States.GroupBy(state => state.Name).Where(group => group.Count() > 1).Select(group => group.Key))
        {
            yield return $"has the state name {name} more than once";
        }
    }

    private IEnumerable<string> CheckState(AslState state)
    {
        var broken = state.Retriers.SelectMany(retrier => CheckRetrier(state, retrier))
            .Concat(state.Catchers.SelectMany(AslState.Errors).SelectMany(CheckName))
            .Concat(state.Type == "Fail" && state.Text("Error") is { } error ? CheckName(error) : []);
        if (state.IsLambdaTask)
        {
            broken = broken.Concat(CheckLambdaTask(state));
        }

        return broken.Select(what => $"{state.Name} {what}");
    }

    private IEnumerable<string> CheckName(string name)
    {
        if (!errors.IsKnown(name))
        {
            yield return $"speaks of {name}, which is no exception of ours and not on the list of AWS's";
        }
    }

    private IEnumerable<string> CheckRetrier(AslState state, JsonElement retrier)
    {
        foreach (var name in AslState.Errors(retrier))
        {
            foreach (var unknown in CheckName(name))
            {
                yield return unknown;
            }

            // A service's errors that pass have no names that its model knows; what none of ours stands behind may be asked again.
            bool isServiceFailure = name == "States.TaskFailed" && !state.IsLambdaTask;
            if (errors.Permanent.Contains(name) || (ErrorNames.AwsWildcards.Contains(name) && !isServiceFailure))
            {
                yield return $"retries {name}, which cannot pass by itself";
            }
        }

        if (!(Number(retrier, "MaxAttempts") is > 0 and <= MaxAttempts))
        {
            yield return $"retries without a MaxAttempts of 1 to {MaxAttempts}";
        }

        if (Number(retrier, "MaxDelaySeconds") is null)
        {
            yield return "retries without MaxDelaySeconds";
        }

        if (!retrier.TryGetProperty("JitterStrategy", out var jitter) || jitter.GetString() != "FULL")
        {
            yield return "retries without JitterStrategy FULL";
        }
    }

    private IEnumerable<string> CheckLambdaTask(AslState state)
    {
        var retried = state.Retriers.SelectMany(AslState.Errors).ToHashSet();
        foreach (var name in ErrorNames.AwsTransient.Concat(ErrorNames.AwsDeaths).Where(name => !retried.Contains(name)))
        {
            yield return $"does not retry {name}";
        }

        // A Map or Parallel state around it may catch for it. Behind a last-resort abandon stands the rule on ended executions.
        var isLastResort = state.Function?.StartsWith("Abandon", StringComparison.Ordinal) == true;
        if (!isLastResort && !state.Around.Append(state).Any(outer => outer.Catchers.SelectMany(AslState.Errors).Contains("States.ALL")))
        {
            yield return "has no Catch for States.ALL, neither itself nor around it";
        }

        var function = functions.FirstOrDefault(function => function.Name == state.Function);
        if (function is null)
        {
            yield return $"calls {state.Function ?? "a function that is no ${Placeholder}"}, which no handler's [LambdaFunction] is named";
        }
        else if (!(Number(state.Body, "TimeoutSeconds") >= function.TimeoutSeconds + TimeoutMarginSeconds))
        {
            yield return $"lacks a TimeoutSeconds of at least {function.TimeoutSeconds + TimeoutMarginSeconds}: {function.Name} may run {function.TimeoutSeconds} s";
        }
    }

    private static int? Number(JsonElement element, string member) =>
        element.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32() : null;
}
