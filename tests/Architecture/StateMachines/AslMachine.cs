using System.Text.Json;

namespace CacheBackup.Architecture.Tests.StateMachines;

/// <summary>A state machine's file, its states in the order in which they stand there, those inside of others included.</summary>
public sealed record AslMachine(string Name, JsonElement Root, IReadOnlyList<AslState> States)
{
    public const string Extension = ".asl.json";

    /// <summary>Every machine of the repository.</summary>
    public static IReadOnlyList<AslMachine> All { get; } = Repository.Files("statemachines", $"*{Extension}")
        .Select(file => Parse(Path.GetFileName(file)[..^Extension.Length], File.ReadAllText(Repository.PathOf(file))))
        .ToList();

    public static AslMachine Parse(string name, string json)
    {
        var root = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false }).RootElement;
        return new AslMachine(name, root, Walk(root, []).ToList());
    }

    private static IEnumerable<AslState> Walk(JsonElement machine, IReadOnlyList<AslState> around)
    {
        foreach (var member in machine.GetProperty(nameof(States)).EnumerateObject())
        {
            var state = new AslState(member.Name, member.Value, around);
            yield return state;
            foreach (var inner in Inner(member.Value).SelectMany(part => Walk(part, [.. around, state])))
            {
                yield return inner;
            }
        }
    }

    private static IEnumerable<JsonElement> Inner(JsonElement state)
    {
        foreach (var name in new[] { "ItemProcessor", "Iterator" })
        {
            if (state.TryGetProperty(name, out var processor))
            {
                yield return processor;
            }
        }

        if (state.TryGetProperty("Branches", out var branches))
        {
            foreach (var branch in branches.EnumerateArray())
            {
                yield return branch;
            }
        }
    }
}
