using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>
/// An error as the Runtime API takes it: <c>{"errorType","errorMessage","stackTrace"}</c>. The type is the exception's short name, which is
/// what a state machine's <c>ErrorEquals</c> sees.
/// </summary>
internal sealed record LambdaError(string ErrorType, string ErrorMessage, IReadOnlyList<string> StackTrace)
{
    // Invariant: written out, and quoted once more as the Cause of a state, an error stays well under the 256 KiB of a state's data.
    // Beyond them the execution ends with States.DataLimitExceeded, which no Catch sees.
    public const int MaxMessageLength = 4096;
    public const int MaxStackFrames = 40;
    public const int MaxFrameLength = 300;

    /// <summary>The name that Lambda itself gives to a response above its limit.</summary>
    public static LambdaError ResponseTooLarge { get; } = new(
        "Function.ResponseSizeTooLarge",
        "The response is larger than the 6 MB that Lambda carries. Hand large data on as a pointer to an object.",
        []);

    public static LambdaError Of(Exception exception) => new(
        exception.GetType().Name,
        Cut(exception.Message, MaxMessageLength),
        (exception.StackTrace ?? string.Empty)
            .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Take(MaxStackFrames)
            .Select(frame => Cut(frame, MaxFrameLength))
            .ToList());

    public byte[] ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("errorType", ErrorType);
            writer.WriteString("errorMessage", ErrorMessage);
            writer.WriteStartArray("stackTrace");
            foreach (var frame in StackTrace)
            {
                writer.WriteStringValue(frame);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static string Cut(string text, int length)
    {
        if (text.Length <= length)
        {
            return text;
        }

        // Not between the two halves of one character.
        var end = char.IsHighSurrogate(text[length - 2]) ? length - 2 : length - 1;
        return string.Concat(text.AsSpan(0, end), "…");
    }
}
