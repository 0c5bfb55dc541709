using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>
/// One JSON object on one line: <c>timestamp</c>, <c>level</c>, <c>requestId</c>, <c>traceId</c>, <c>message</c>, the message's named
/// arguments, and of an exception <c>errorType</c>, <c>errorMessage</c> and <c>stackTrace</c>.
/// </summary>
internal sealed class JsonLogFormat : ILogFormat
{
    private static readonly HashSet<string> OwnNames =
        ["timestamp", "level", "requestId", "tenantId", "traceId", "message", "errorType", "errorMessage", "stackTrace"];

    public string Format(LogRecord record)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("timestamp", record.Time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
            writer.WriteString("level", record.Level.ToString());
            WriteText(writer, "requestId", record.Invocation?.AwsRequestId);
            WriteText(writer, "tenantId", record.Invocation?.TenantId);
            WriteText(writer, "traceId", record.Invocation?.TraceId);
            writer.WriteString("message", record.Message.Text);
            WriteProperties(writer, record.Message);
            WriteException(writer, record.Exception);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteText(Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null)
        {
            writer.WriteString(name, text);
        }
    }

    // A name twice in an object is read differently by every reader: ours stand, and of two equal names the first.
    private static void WriteProperties(Utf8JsonWriter writer, LogMessage message)
    {
        var written = new HashSet<string>();
        foreach (var (name, value) in message.Properties)
        {
            if (value is not null && !OwnNames.Contains(name) && written.Add(name))
            {
                writer.WritePropertyName(name);
                WriteValue(writer, value);
            }
        }
    }

    private static void WriteValue(Utf8JsonWriter writer, object value)
    {
        switch (value)
        {
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case byte or sbyte or short or ushort or int or uint or long:
                writer.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case ulong number:
                writer.WriteNumberValue(number);
                break;
            case decimal number:
                writer.WriteNumberValue(number);
                break;
            case double number when double.IsFinite(number):
                writer.WriteNumberValue(number);
                break;
            case float number when float.IsFinite(number):
                writer.WriteNumberValue(number);
                break;
            default:
                writer.WriteStringValue(LogMessage.Spell(value, null));
                break;
        }
    }

    private static void WriteException(Utf8JsonWriter writer, Exception? exception)
    {
        if (exception is null)
        {
            return;
        }

        writer.WriteString("errorType", exception.GetType().FullName);
        writer.WriteString("errorMessage", exception.Message);
        writer.WriteStartArray("stackTrace");
        foreach (var line in exception.ToString().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            writer.WriteStringValue(line);
        }

        writer.WriteEndArray();
    }
}
