using System.Text.Json;
using CacheBackup.Local.StateMachines.Json;

namespace CacheBackup.Local.StateMachines.Journals;

/// <summary><c>execution.json</c>: what is known of an execution from its start. Its names are persisted.</summary>
internal sealed record ExecutionRecord(string Id, DateTimeOffset StartTime, string DefinitionHash)
{
    public ReadOnlyMemory<byte> ToJson() => JsonBuild.CompactBytes(JsonBuild.From(writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("schemaVersion", 1);
        writer.WriteString("id", Id);
        writer.WriteString("startTime", Timestamps.Format(StartTime));
        writer.WriteString("definitionSha256", DefinitionHash);
        writer.WriteEndObject();
    }));

    /// <exception cref="InvalidDataException">The file is not what was written.</exception>
    public static ExecutionRecord Read(string path)
    {
        JsonElement value = JsonFile.Read(path);
        return value.ValueKind == JsonValueKind.Object
            && value.TryGetProperty("id", out JsonElement id)
            && id.ValueKind == JsonValueKind.String
            && value.TryGetProperty("startTime", out JsonElement time)
            && time.ValueKind == JsonValueKind.String
            && Timestamps.TryParse(time.GetString(), out DateTimeOffset startTime)
            && value.TryGetProperty("definitionSha256", out JsonElement hash)
            && hash.ValueKind == JsonValueKind.String
            ? new ExecutionRecord(id.GetString()!, startTime, hash.GetString()!)
            : throw JsonFile.Unreadable(path);
    }
}
