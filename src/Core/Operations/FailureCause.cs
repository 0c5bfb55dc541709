using System.Text.Json;

namespace CacheBackup.Core.Operations;

/// <summary>What ended an execution, as a state machine hands it on.</summary>
/// <param name="Error">The error's name: an exception type of ours, or one of AWS's names.</param>
/// <param name="Cause">What Lambda wrote about it (<c>{"errorType", "errorMessage", …}</c>), or any text; null where there is none.</param>
public sealed record FailureCause(string Error, string? Cause)
{
    private const int MaxReasonLength = 2000;

    /// <summary>One sentence for a record's reason: the exception's message where the cause holds one.</summary>
    public string ToReason()
    {
        string reason = $"{Error}: {MessageIn(Cause) ?? Cause ?? "no cause was given"}";
        return reason.Length <= MaxReasonLength ? reason : reason[..MaxReasonLength];
    }

    private static string? MessageIn(string? cause)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(cause ?? "null");
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("errorMessage", out JsonElement message)
                    ? message.GetString()
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
