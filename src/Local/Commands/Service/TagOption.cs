using System.CommandLine;
using System.Text.Json.Nodes;

namespace CacheBackup.Local.Commands.Service;

/// <summary>Tags on a command line: <c>key=value</c>, as often as there are tags.</summary>
internal static class TagOption
{
    public static Option<string[]> Create(string name, string description) =>
        new(name) { Description = description + " May be repeated.", HelpName = "key=value" };

    /// <summary>Null where none is given.</summary>
    /// <exception cref="BadUsageException">One has no equals sign, or no key.</exception>
    public static JsonArray? Read(ParseResult parsed, Option<string[]> option)
    {
        if (parsed.GetValue(option) is not { Length: > 0 } texts)
        {
            return null;
        }

        JsonArray tags = [];
        foreach (string text in texts)
        {
            int equals = text.IndexOf('=', StringComparison.Ordinal);
            tags.Add((JsonNode)(equals > 0
                ? new JsonObject { ["key"] = text[..equals], ["value"] = text[(equals + 1)..] }
                : throw new BadUsageException($"A tag is written as key=value: {option.Name} environment=prod.")));
        }

        return tags;
    }
}
