using System.Text.Json;
using CacheBackup.Local.StateMachines.Json;
using CacheBackup.Local.StateMachines.Running;

namespace CacheBackup.Local.StateMachines;

/// <summary>
/// Writes events as Step Functions' GetExecutionHistory gives them, so that what reads one history reads the other: payloads as strings
/// of JSON, details under a name that goes with the type. Times are RFC 3339, as the AWS CLI prints them.
/// </summary>
public static class StepFunctionsHistory
{
    /// <summary>Writes one event as an object.</summary>
    public static void Write(Utf8JsonWriter writer, HistoryEvent entry)
    {
        writer.WriteStartObject();
        writer.WriteString("timestamp", Timestamps.Format(entry.Timestamp));
        writer.WriteString("type", entry.Type.ToString());
        writer.WriteNumber("id", entry.Id);
        writer.WriteNumber("previousEventId", entry.PreviousId);
        if (DetailsName(entry.Type) is { } details)
        {
            writer.WriteStartObject(details);
            WriteDetails(writer, entry);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static string? DetailsName(HistoryEventType type)
    {
        if (EventTypes.IsStateExited(type))
        {
            return "stateExitedEventDetails";
        }

        string name = type.ToString();
        if (name.EndsWith("StateEntered", StringComparison.Ordinal))
        {
            return "stateEnteredEventDetails";
        }

        // Of these Step Functions tells nothing but that they happened.
        bool hasNone = type is HistoryEventType.MapStateSucceeded or HistoryEventType.MapStateFailed
            or HistoryEventType.ParallelStateStarted or HistoryEventType.ParallelStateSucceeded or HistoryEventType.ParallelStateFailed;
        return hasNone ? null : $"{char.ToLowerInvariant(name[0])}{name[1..]}EventDetails";
    }

    private static void WriteDetails(Utf8JsonWriter writer, HistoryEvent entry)
    {
        WriteText(writer, "name", entry.Name);
        WriteNumber(writer, "index", entry.Index);
        WriteNumber(writer, "length", entry.Length);
        WriteText(writer, "resourceType", entry.ResourceType);
        WriteText(writer, "resource", entry.Resource);
        if (entry.Parameters is { } parameters)
        {
            writer.WriteString("region", "local");
            writer.WriteString("parameters", JsonBuild.CompactText(parameters));
        }

        WriteNumber(writer, "timeoutInSeconds", entry.TimeoutInSeconds);
        WritePayload(writer, "input", entry.Input);
        WritePayload(writer, "output", entry.Output);
        if (!IsIteration(entry.Type))
        {
            WriteText(writer, "error", entry.Error);
            WriteText(writer, "cause", entry.Cause);
        }
    }

    /// <summary>Our record of an iteration holds its error; Step Functions' does not.</summary>
    private static bool IsIteration(HistoryEventType type) => type is HistoryEventType.MapIterationStarted
        or HistoryEventType.MapIterationSucceeded or HistoryEventType.MapIterationFailed or HistoryEventType.MapIterationAborted;

    private static void WritePayload(Utf8JsonWriter writer, string name, JsonElement? value)
    {
        if (value is { } payload)
        {
            writer.WriteString(name, JsonBuild.CompactText(payload));
            writer.WriteStartObject(name + "Details");
            writer.WriteBoolean("truncated", false);
            writer.WriteEndObject();
        }
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
}
