using System.Text;
using System.Text.Json;
using CacheBackup.Local.Client;
using CacheBackup.Local.Terminal;
using Spectre.Console;

namespace CacheBackup.Local.Commands.Service;

/// <summary>Answers as tables for people.</summary>
internal static class ServiceTables
{
    public static Table Caches(JsonElement page)
    {
        Table table = Headed("Cache", "Status", "Engine", "Address", "Operation", "Created");
        foreach (JsonElement cache in page.ItemsOf("caches"))
        {
            AddRow(
                table, cache.TextOf("name"), cache.TextOf("status"), Engine(cache), Address(cache), cache.Member("operation")?.TextOf("kind"), Time(cache, "createdAt"));
        }

        return table;
    }

    public static Table Backups(JsonElement page)
    {
        Table table = Headed("Backup", "Status", "Kind", "Cache", "Engine", "Size", "Keys", "Created");
        foreach (JsonElement backup in page.ItemsOf("backups"))
        {
            AddRow(
                table,
                backup.TextOf("name"),
                backup.TextOf("status"),
                backup.TextOf("kind"),
                backup.TextOf("cache"),
                Engine(backup),
                backup.NumberOf("sizeBytes") is { } size and > 0 ? Readable.Bytes(size) : null,
                backup.NumberOf("keys") is { } keys && backup.NumberOf("sizeBytes") > 0 ? Readable.Count(keys) : null,
                Time(backup, "createdAt"));
        }

        return table;
    }

    public static Table Executions(JsonElement page)
    {
        Table table = Headed("Execution", "Machine", "Status", "State", "Started");
        foreach (JsonElement execution in page.ItemsOf("executions"))
        {
            AddRow(
                table, execution.TextOf("id"), execution.TextOf("machine"), execution.TextOf("status"), execution.TextOf("state"), Time(execution, "startedAt"));
        }

        return table;
    }

    public static Table Events(JsonElement page)
    {
        Table table = Headed("Time", "Event", "Cache", "Backup", "Message");
        foreach (JsonElement told in page.ItemsOf("events"))
        {
            AddRow(table, Time(told, "at"), told.TextOf("code"), told.TextOf("cache"), told.TextOf("backup"), told.TextOf("message"));
        }

        return table;
    }

    public static Table Tags(JsonElement answer)
    {
        Table table = Headed("Key", "Value");
        foreach (JsonElement tag in answer.ItemsOf("tags"))
        {
            AddRow(table, tag.TextOf("key"), tag.TextOf("value"));
        }

        return table;
    }

    /// <summary>A record's members, one a line, nested ones by their path: whatever the service says is shown.</summary>
    public static Table Record(JsonElement record)
    {
        Table table = Headed("Member", "Value");
        AddMembers(table, string.Empty, record);
        return table;
    }

    /// <summary>A text that comes from elsewhere, harmless for a terminal: control characters are escaped.</summary>
    public static string Plain(string? text)
    {
        StringBuilder plain = new();
        foreach (char c in text ?? string.Empty)
        {
            _ = char.IsControl(c) ? plain.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\x{(int)c:x2}") : plain.Append(c);
        }

        return plain.ToString();
    }

    private static void AddMembers(Table table, string path, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (JsonProperty member in value.EnumerateObject())
                {
                    AddMembers(table, path.Length == 0 ? member.Name : $"{path}.{member.Name}", member.Value);
                }

                break;
            case JsonValueKind.Array:
                int index = 0;
                foreach (JsonElement item in value.EnumerateArray())
                {
                    AddMembers(table, $"{path}[{index++}]", item);
                }

                break;
            case JsonValueKind.Number when path.EndsWith("Bytes", StringComparison.OrdinalIgnoreCase) && value.TryGetInt64(out long bytes):
                AddRow(table, path, $"{Readable.Bytes(bytes)} ({Readable.Count(bytes)} bytes)");
                break;
            case JsonValueKind.Undefined or JsonValueKind.Null:
                break;
            default:
                AddRow(table, path, value.ToString());
                break;
        }
    }

    private static Table Headed(params string[] heads)
    {
        Table table = new();
        foreach (string head in heads)
        {
            table.AddColumn(new TableColumn(new Text(head)));
        }

        return table;
    }

    // Text, not markup: brackets in a value are brackets.
    private static void AddRow(Table table, params string?[] cells) => table.AddRow(cells.Select(cell => new Text(Plain(cell))));

    private static string? Engine(JsonElement record) => record.TextOf("engine") is { } engine ? $"{engine} {record.TextOf("engineVersion")}".Trim() : null;

    private static string? Address(JsonElement cache) =>
        cache.ItemsOf("shards").FirstOrDefault().Member("address")?.Member("endpoint") is { } endpoint
            ? $"{endpoint.TextOf("host")}:{endpoint.TextOf("port")}"
            : null;

    private static string? Time(JsonElement record, string member) => record.TimeOf(member) is { } time ? Readable.Time(time) : null;
}
