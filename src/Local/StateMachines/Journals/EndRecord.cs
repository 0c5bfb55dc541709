using System.Text.Json;
using CacheBackup.Local.StateMachines.Json;

namespace CacheBackup.Local.StateMachines.Journals;

/// <summary><c>end.json</c>: how an execution ended, and whether those who must know were told. Its names are persisted.</summary>
internal sealed record EndRecord(ExecutionResult Result, string? State, bool IsReported)
{
    public ReadOnlyMemory<byte> ToJson() => JsonBuild.CompactBytes(JsonBuild.From(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("status", Result.Status.ToString());
        writer.WriteString("stopTime", Timestamps.Format(Result.StopTime));
        writer.WriteBoolean("reported", IsReported);
        writer.WriteString("state", State);
        writer.WriteString("error", Result.Error);
        writer.WriteString("cause", Result.Cause);
        if (Result.Output is { } output)
        {
            writer.WritePropertyName("output");
            output.WriteTo(writer);
        }

        writer.WriteEndObject();
    }));

    /// <returns>Null if there is none, or none that can be read: then the journal tells.</returns>
    public static EndRecord? TryRead(string path)
    {
        try
        {
            return File.Exists(path) ? Read(JsonFile.Read(path)) : null;
        }
        catch (Exception unreadable) when (unreadable is InvalidDataException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    private static EndRecord? Read(JsonElement value) =>
        Enum.TryParse(value.GetProperty("status").GetString(), out ExecutionStatus status)
        && status != ExecutionStatus.Running
        && Timestamps.TryParse(value.GetProperty("stopTime").GetString(), out DateTimeOffset stopTime)
            ? new EndRecord(
                new ExecutionResult(
                    status,
                    value.TryGetProperty("output", out JsonElement output) ? output : null,
                    value.GetProperty("error").GetString(),
                    value.GetProperty("cause").GetString(),
                    stopTime),
                value.GetProperty("state").GetString(),
                value.GetProperty("reported").GetBoolean())
            : null;
}
