using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CacheBackup.Local.StateMachines.Json;

/// <summary>
/// Makes immutable JSON values. The runner passes <see cref="JsonElement"/> everywhere: it can be read by many lanes at once, and a
/// number keeps the digits that it was written with.
/// </summary>
internal static class JsonBuild
{
    public static readonly JsonElement Null = JsonElement.Parse("null"u8);
    public static readonly JsonElement EmptyObject = JsonElement.Parse("{}"u8);

    // The default encoder writes every letter outside ASCII as six bytes, which would count against the payload limit.
    private static readonly JsonWriterOptions CompactOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonElement From(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, CompactOptions))
        {
            write(writer);
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }

    public static JsonElement Text(string value) => From(writer => writer.WriteStringValue(value));

    public static JsonElement Number(long value) => From(writer => writer.WriteNumberValue(value));

    public static JsonElement Boolean(bool value) => JsonElement.Parse(value ? "true"u8 : "false"u8);

    public static JsonElement Array(IEnumerable<JsonElement> items) => From(writer =>
    {
        writer.WriteStartArray();
        foreach (JsonElement item in items)
        {
            item.WriteTo(writer);
        }

        writer.WriteEndArray();
    });

    /// <summary>The value as JSON text without white space.</summary>
    public static string CompactText(JsonElement value) => Encoding.UTF8.GetString(CompactBytes(value).Span);

    public static ReadOnlyMemory<byte> CompactBytes(JsonElement value)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, CompactOptions))
        {
            value.WriteTo(writer);
        }

        return buffer.WrittenMemory;
    }

    public static Utf8JsonWriter WriterTo(IBufferWriter<byte> buffer) => new(buffer, CompactOptions);
}
