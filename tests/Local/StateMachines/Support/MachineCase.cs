using System.Runtime.CompilerServices;
using System.Text.Json;

namespace CacheBackup.Local.Tests.StateMachines.Support;

/// <summary>
/// One file of <c>machines/</c>: a definition (or the name of one of the repository's own machines), an input, the answers of its
/// tasks, and what comes of it. A further case is a further file.
/// </summary>
internal sealed class MachineCase
{
    private MachineCase(string path)
    {
        JsonElement file = JsonElement.Parse(File.ReadAllText(path));
        Name = Path.GetFileNameWithoutExtension(path);
        Machine = file.TryGetProperty("machine", out JsonElement machine) ? machine.GetString() : null;
        Definition = Machine is null ? file.GetProperty("definition") : JsonElement.Parse(File.ReadAllText(OwnMachine(Machine)));
        Input = file.GetProperty("input");
        Tasks = file.GetProperty("tasks");
        Expected = file.GetProperty("expect");
        Differs = file.TryGetProperty("differs", out JsonElement differs) ? differs.GetString() : null;
        IsUnordered = file.TryGetProperty("unordered", out JsonElement unordered) && unordered.GetBoolean();
    }

    public string Name { get; }

    /// <summary>One of <c>statemachines/*.asl.json</c>, without the ending.</summary>
    public string? Machine { get; }

    public JsonElement Definition { get; }

    public JsonElement Input { get; }

    public JsonElement Tasks { get; }

    public JsonElement Expected { get; }

    /// <summary>In what the independent interpreter is known not to do what Step Functions documents.</summary>
    public string? Differs { get; }

    /// <summary>Its tasks run side by side: what was called is compared, not in which order.</summary>
    public bool IsUnordered { get; }

    public static IReadOnlyList<string> Names =>
        [.. Directory.EnumerateFiles(Folder, "*.json").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    /// <summary>The repository's own machines, by name.</summary>
    public static IReadOnlyList<string> OwnMachines => Directory.Exists(OwnFolder)
        ? [.. Directory.EnumerateFiles(OwnFolder, "*.asl.json").Select(path => Path.GetFileName(path)[..^".asl.json".Length]).Order(StringComparer.Ordinal)]
        : [];

    public static string ScriptPath => Path.Combine(SourceFolder(), "..", "interpreter", "interpret.py");

    private static string Folder => Path.Combine(SourceFolder(), "..", "machines");

    private static string OwnFolder => Path.Combine(SourceFolder(), "..", "..", "..", "..", "statemachines");

    public static MachineCase Read(string name) => new(Path.Combine(Folder, name + ".json"));

    public static string OwnMachine(string name) => Path.Combine(OwnFolder, name + ".asl.json");

    private static string SourceFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
