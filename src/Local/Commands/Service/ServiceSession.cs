using System.Text.Encodings.Web;
using System.Text.Json;
using CacheBackup.Local.Client;
using CacheBackup.Local.Terminal;
using Spectre.Console;

namespace CacheBackup.Local.Commands.Service;

/// <summary>One command that speaks to a service.</summary>
internal sealed class ServiceSession(ServiceApi api, ToolConsole console, bool isJson) : IDisposable
{
    // For terminals and files, not for web pages.
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public ServiceApi Api => api;

    public JobWatch Watch { get; } = new(api, console);

    /// <summary>Writes an answer: as it came for programs, as a table for people.</summary>
    public void Show(JsonElement answer, Func<JsonElement, Table> table)
    {
        if (isJson)
        {
            using MemoryStream stream = new();
            using (Utf8JsonWriter writer = new(stream, Indented))
            {
                answer.WriteTo(writer);
            }

            console.Output.WriteLine(System.Text.Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length));
        }
        else
        {
            console.Write(table(answer));
        }
    }

    /// <summary>Writes one record.</summary>
    public void Show(JsonElement record) => Show(record, ServiceTables.Record);

    /// <summary>Says in a sentence what was done; nothing in JSON, where the answer says it.</summary>
    public void Say(string sentence)
    {
        if (!isJson)
        {
            console.Output.WriteLine(sentence);
        }
    }

    /// <summary>Reads pages until there is no other, or enough.</summary>
    /// <param name="member">The member of a page that holds its items.</param>
    /// <param name="most">How many items at most; null: all.</param>
    /// <returns>One answer with the items of all pages; its marker is that of the next page, where there is one.</returns>
    public async Task<JsonElement> ListAsync(ServiceCall call, string member, int? most, CancellationToken cancellationToken)
    {
        List<JsonElement> items = [];
        List<JsonElement> unreadable = [];
        string? marker = null;
        do
        {
            string? limit = most is { } left ? $"{Math.Min(left - items.Count, 100)}" : null;
            JsonElement page = await api.SendAsync(call with { Query = [.. call.Query, ("limit", limit), ("marker", marker)] }, cancellationToken);
            items.AddRange(page.ItemsOf(member));
            unreadable.AddRange(page.ItemsOf("unreadable"));
            marker = page.TextOf("marker");
        }
        while (marker is not null && (most is null || items.Count < most));

        foreach (JsonElement record in unreadable)
        {
            console.Error.WriteLine($"{ServiceTables.Plain(record.TextOf("name"))} cannot be read: {ServiceTables.Plain(record.TextOf("reason"))}");
        }

        return Joined(member, items, marker);
    }

    public void Dispose() => api.Dispose();

    private static JsonElement Joined(string member, List<JsonElement> items, string? marker)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            writer.WriteStartObject();
            writer.WriteStartArray(member);
            items.ForEach(item => item.WriteTo(writer));
            writer.WriteEndArray();
            if (marker is not null)
            {
                writer.WriteString("marker", marker);
            }

            writer.WriteEndObject();
        }

        using JsonDocument document = JsonDocument.Parse(stream.GetBuffer().AsMemory(0, (int)stream.Length));
        return document.RootElement.Clone();
    }
}
