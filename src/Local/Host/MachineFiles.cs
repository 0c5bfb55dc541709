using System.Reflection;
using CacheBackup.Local.StateMachines;

namespace CacheBackup.Local.Host;

/// <summary>The state machines of <c>statemachines/</c>, which are part of the program.</summary>
public static class MachineFiles
{
    private const string Prefix = "statemachines/";
    private const string Suffix = ".asl.json";

    /// <exception cref="UnsupportedDefinitionException">A file holds what the runner does not implement.</exception>
    public static IReadOnlyList<StateMachineDefinition> ReadAll()
    {
        Assembly assembly = typeof(MachineFiles).Assembly;
        List<StateMachineDefinition> machines = [];
        foreach (string resource in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using Stream stream = assembly.GetManifestResourceStream(resource)!;
            using StreamReader reader = new(stream);
            machines.Add(StateMachineDefinition.Parse(resource[Prefix.Length..^Suffix.Length], reader.ReadToEnd()));
        }

        return machines;
    }
}
