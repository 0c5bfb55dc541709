using System.Text.Json;

namespace CacheBackup.Local.StateMachines.Journals;

/// <summary>Events as the journal keeps them: one JSON object each, absent details left out. The names are persisted; never change one.</summary>
internal static class HistoryEventCodec
{
    public static void Write(Utf8JsonWriter writer, HistoryEvent entry)
    {
        writer.WriteStartObject();
        writer.WriteNumber("id", entry.Id);
        writer.WriteNumber("previous", entry.PreviousId);
        writer.WriteString("at", Timestamps.Format(entry.Timestamp));
        writer.WriteString("type", entry.Type.ToString());
        if (entry.Frame != HistoryFrame.Root)
        {
            writer.WriteStartArray("frame");
            writer.WriteNumberValue(entry.Frame.EnteredId);
            writer.WriteNumberValue(entry.Frame.Attempt);
            writer.WriteNumberValue(entry.Frame.Index);
            writer.WriteEndArray();
        }

        WriteText(writer, "name", entry.Name);
        WriteNumber(writer, "index", entry.Index);
        WriteNumber(writer, "length", entry.Length);
        WriteValue(writer, "input", entry.Input);
        WriteValue(writer, "output", entry.Output);
        WriteValue(writer, "parameters", entry.Parameters);
        WriteText(writer, "resourceType", entry.ResourceType);
        WriteText(writer, "resource", entry.Resource);
        WriteNumber(writer, "timeoutInSeconds", entry.TimeoutInSeconds);
        WriteText(writer, "error", entry.Error);
        WriteText(writer, "cause", entry.Cause);
        WriteText(writer, "next", entry.Next);
        writer.WriteEndObject();
    }

    /// <returns>Null if the bytes are not an event.</returns>
    public static HistoryEvent? TryRead(ReadOnlySpan<byte> json)
    {
        try
        {
            JsonElement value = JsonElement.Parse(json);
            return value.ValueKind == JsonValueKind.Object ? Read(value) : null;
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            return null;
        }
    }

    private static HistoryEvent? Read(JsonElement value)
    {
        if (!Enum.TryParse(value.GetProperty("type").GetString(), out HistoryEventType type)
            || !Timestamps.TryParse(value.GetProperty("at").GetString(), out DateTimeOffset at))
        {
            return null;
        }

        return new HistoryEvent
        {
            Id = value.GetProperty("id").GetInt64(),
            PreviousId = value.GetProperty("previous").GetInt64(),
            Timestamp = at,
            Type = type,
            Frame = value.TryGetProperty("frame", out JsonElement frame)
                ? new HistoryFrame(frame[0].GetInt64(), frame[1].GetInt32(), frame[2].GetInt32())
                : HistoryFrame.Root,
            Name = Text(value, "name"),
            Index = Number(value, "index"),
            Length = Number(value, "length"),
            Input = Value(value, "input"),
            Output = Value(value, "output"),
            Parameters = Value(value, "parameters"),
            ResourceType = Text(value, "resourceType"),
            Resource = Text(value, "resource"),
            TimeoutInSeconds = Number(value, "timeoutInSeconds"),
            Error = Text(value, "error"),
            Cause = Text(value, "cause"),
            Next = Text(value, "next"),
        };
    }

    private static void WriteText(Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null)
        {
            writer.WriteString(name, text);
        }
    }

    private static void WriteNumber(Utf8JsonWriter writer, string name, int? number)
    {
        if (number is { } present)
        {
            writer.WriteNumber(name, present);
        }
    }

    private static void WriteValue(Utf8JsonWriter writer, string name, JsonElement? value)
    {
        if (value is { } present)
        {
            writer.WritePropertyName(name);
            present.WriteTo(writer);
        }
    }

    private static string? Text(JsonElement value, string name) => value.TryGetProperty(name, out JsonElement text) ? text.GetString() : null;

    private static int? Number(JsonElement value, string name) => value.TryGetProperty(name, out JsonElement number) ? number.GetInt32() : null;

    private static JsonElement? Value(JsonElement value, string name) => value.TryGetProperty(name, out JsonElement part) ? part : null;
}
