using System.Text.Json.Nodes;

namespace CacheBackup.Local.Tests.Machines;

/// <summary>A machine with one thing taken away.</summary>
/// <param name="Missing">What is gone, and from where.</param>
/// <param name="Function">The function of the state that lost it; empty for other states.</param>
/// <param name="Errors">The errors that what is gone was for.</param>
internal sealed record MachineMutant(string Missing, string Json, string Function, string[] Errors)
{
    public static IEnumerable<MachineMutant> Of(string json)
    {
        JsonObject machine = JsonNode.Parse(json)!.AsObject();
        yield return Without(machine, machine, "TimeoutSeconds", "machine", string.Empty, []);
        foreach ((string name, JsonObject state) in States(machine).ToArray())
        {
            string function = FunctionOf(state);
            foreach (string member in new[] { "TimeoutSeconds", "Retry", "Catch" })
            {
                if (state.ContainsKey(member))
                {
                    yield return Without(machine, state, member, name, function, []);
                }
            }

            foreach (JsonArray list in new[] { state["Retry"], state["Catch"] }.OfType<JsonArray>())
            {
                foreach (MachineMutant mutant in OfList(machine, list, name, function))
                {
                    yield return mutant;
                }
            }
        }
    }

    private static IEnumerable<MachineMutant> OfList(JsonObject machine, JsonArray list, string state, string function)
    {
        string kind = list.GetPropertyName();
        for (int i = 0; i < list.Count; i++)
        {
            JsonNode entry = list[i]!;
            JsonArray errors = entry["ErrorEquals"]!.AsArray();
            string[] names = [.. errors.Select(error => error!.GetValue<string>())];
            list.RemoveAt(i);
            yield return new MachineMutant($"{state}: {kind}[{i}]", machine.ToJsonString(), function, names);
            list.Insert(i, entry);

            for (int error = 0; errors.Count > 1 && error < errors.Count; error++)
            {
                JsonNode gone = errors[error]!;
                errors.RemoveAt(error);
                yield return new MachineMutant($"{state}: {kind}[{i}] {gone}", machine.ToJsonString(), function, [names[error]]);
                errors.Insert(error, gone);
            }

            foreach (string member in MembersThatCount(entry.AsObject()))
            {
                yield return Without(machine, entry.AsObject(), member, $"{state}: {kind}[{i}]", function, names);
            }
        }
    }

    /// <summary>Those whose absence changes something: the language's own defaults are an interval of 1 s and 3 attempts.</summary>
    private static IEnumerable<string> MembersThatCount(JsonObject entry)
    {
        if (entry["MaxAttempts"] is not { } attempts)
        {
            return [];
        }

        bool reachesMaxDelay = attempts.GetValue<int>() > 5;
        return new[] { ("JitterStrategy", true), ("MaxDelaySeconds", reachesMaxDelay), ("IntervalSeconds", entry["IntervalSeconds"]!.GetValue<int>() != 1), ("MaxAttempts", attempts.GetValue<int>() != 3) }
            .Where(member => member.Item2)
            .Select(member => member.Item1);
    }

    private static MachineMutant Without(JsonObject machine, JsonObject from, string member, string where, string function, string[] errors)
    {
        JsonNode? gone = from[member];
        from.Remove(member);
        MachineMutant mutant = new($"{where}: {member}", machine.ToJsonString(), function, errors);
        from[member] = gone;
        return mutant;
    }

    /// <summary>The function that a state calls, as the machine names it: <c>${Snapshot}</c>.</summary>
    private static string FunctionOf(JsonObject state) =>
        (state["Parameters"] as JsonObject ?? state["Arguments"] as JsonObject)?["FunctionName"]?.GetValue<string>().Trim('$', '{', '}') ?? string.Empty;

    private static IEnumerable<(string Name, JsonObject State)> States(JsonObject machine)
    {
        foreach ((string name, JsonNode? node) in machine["States"]!.AsObject())
        {
            JsonObject state = node!.AsObject();
            yield return (name, state);
            if (state["ItemProcessor"] is JsonObject inner)
            {
                foreach ((string, JsonObject) below in States(inner))
                {
                    yield return below;
                }
            }
        }
    }
}
