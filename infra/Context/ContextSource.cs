using System.Text.Json;

namespace CacheBackup.Infra.Context;

/// <summary>Where the context comes from: the CDK command hands it over, with what <c>-c</c> says; without that command it is read here.</summary>
internal static class ContextSource
{
    private const string Member = "cacheBackup";

    // The CDK command's own names.
    private const string ContextVariable = "CDK_CONTEXT_JSON";
    private const string OverflowVariable = "CONTEXT_OVERFLOW_LOCATION_ENV";

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <returns>The object <c>cacheBackup</c>; null where there is none.</returns>
    /// <exception cref="StackContextException">The context is no JSON.</exception>
    public static JsonElement? Read(string root)
    {
        string file = Path.Combine(root, "cdk.json");
        if (Environment.GetEnvironmentVariable(ContextVariable) is not { Length: > 0 } handedOver)
        {
            return Find(Parse(File.ReadAllText(file), file), "context") is { } context ? Own(context) : null;
        }

        // A context that is too long for the environment lies in a file.
        JsonElement given = Parse(handedOver, ContextVariable);
        return Own(given) ?? (Environment.GetEnvironmentVariable(OverflowVariable) is { Length: > 0 } overflow
            ? Own(Parse(File.ReadAllText(overflow), overflow))
            : null);
    }

    /// <remarks>A value that came by <c>-c cacheBackup='{…}'</c> is a text.</remarks>
    private static JsonElement? Own(JsonElement context) => Find(context, Member) is { ValueKind: JsonValueKind.String } text
        ? Parse(text.GetString()!, Member)
        : Find(context, Member);

    private static JsonElement? Find(JsonElement within, string member) =>
        within.ValueKind == JsonValueKind.Object && within.TryGetProperty(member, out JsonElement found) ? found : null;

    private static JsonElement Parse(string json, string where)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, Lenient);
            return document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw new StackContextException($"{where} is no JSON: {e.Message}");
        }
    }
}
