using System.CommandLine;

namespace CacheBackup.Local.Commands;

/// <summary>A command of the tool with examples, which its help shows.</summary>
internal sealed class ToolCommand(string name, string description, params string[] examples) : Command(name, description)
{
    public IReadOnlyList<string> Examples => examples;
}
