using System.Text.Json;

namespace CacheBackup.Functions.Tests;

/// <summary>A Lambda task of a state machine, as its file has it.</summary>
/// <param name="Function">The X of its <c>${X}</c>.</param>
/// <param name="Payload">The members that it sends, without the <c>.$</c> of those that are paths.</param>
/// <param name="Results">The members of the answer that its <c>ResultSelector</c> reads.</param>
internal sealed record MachineTask(string Machine, string State, string Function, IReadOnlyList<string> Payload, IReadOnlyList<string> Results)
{
    private const string AnswerPrefix = "$.Payload.";
    private const string LambdaInvoke = "arn:aws:states:::lambda:invoke";

    public static IReadOnlyList<MachineTask> All { get; } =
    [
        .. Directory.EnumerateFiles(Checkout.PathOf("statemachines"), "*.asl.json").Order(StringComparer.Ordinal).SelectMany(ReadFile),
    ];

    private static List<MachineTask> ReadFile(string path)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path));
        return [.. Read(Path.GetFileName(path), document.RootElement)];
    }

    private static IEnumerable<MachineTask> Read(string machine, JsonElement scope)
    {
        foreach (JsonProperty state in scope.GetProperty("States").EnumerateObject())
        {
            if (state.Value.GetProperty("Type").GetString() == "Task" && state.Value.GetProperty("Resource").GetString() == LambdaInvoke)
            {
                JsonElement parameters = state.Value.GetProperty("Parameters");
                yield return new MachineTask(
                    machine,
                    state.Name,
                    parameters.GetProperty("FunctionName").GetString()!.TrimStart('$', '{').TrimEnd('}'),
                    [.. parameters.GetProperty("Payload").EnumerateObject().Select(p => p.Name.EndsWith(".$", StringComparison.Ordinal) ? p.Name[..^2] : p.Name)],
                    [.. ResultsOf(state.Value)]);
            }

            if (state.Value.TryGetProperty("ItemProcessor", out JsonElement processor))
            {
                foreach (MachineTask inner in Read(machine, processor))
                {
                    yield return inner;
                }
            }
        }
    }

    private static IEnumerable<string> ResultsOf(JsonElement state) => state.TryGetProperty("ResultSelector", out JsonElement selector)
        ? selector.EnumerateObject().Where(p => p.Name.EndsWith(".$", StringComparison.Ordinal)).Select(p => p.Value.GetString()!).Select(
            path => path.StartsWith(AnswerPrefix, StringComparison.Ordinal) ? path[AnswerPrefix.Length..] : path)
        : [];
}
