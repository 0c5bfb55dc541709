using System.Text.Json;
using System.Text.Json.Nodes;

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
    /// <exception cref="StackContextException">The context is no JSON, or says something beside that object which belongs into it.</exception>
    public static JsonElement? Read(string root)
    {
        string file = Path.Combine(root, "cdk.json");
        JsonElement? written = Find(Parse(File.ReadAllText(file), file), "context");
        if (Environment.GetEnvironmentVariable(ContextVariable) is not { Length: > 0 } handedOver)
        {
            return written is { } context ? Of(context, written) : null;
        }

        // A context that is too long for the environment lies in a file.
        JsonElement given = Parse(handedOver, ContextVariable);
        return Of(given, written) ?? (Environment.GetEnvironmentVariable(OverflowVariable) is { Length: > 0 } overflow
            ? Of(Parse(File.ReadAllText(overflow), overflow), written)
            : null);
    }

    /// <param name="given">The whole context as it was handed over.</param>
    /// <param name="written">The context of <c>cdk.json</c>: what came by <c>-c cacheBackup='{…}'</c>, a text, is laid over its object.</param>
    /// <exception cref="StackContextException">A member beside the object belongs into it: nobody would read it there.</exception>
    internal static JsonElement? Of(JsonElement given, JsonElement? written)
    {
        RefuseBeside(given);
        if (Find(given, Member) is not { ValueKind: JsonValueKind.String } text)
        {
            return Find(given, Member);
        }

        JsonElement said = Parse(text.GetString()!, $"-c {Member}");
        return written is { } file && Find(file, Member) is { ValueKind: JsonValueKind.Object } under && said.ValueKind == JsonValueKind.Object
            ? Over(under, said)
            : said;
    }

    private static JsonElement Over(JsonElement under, JsonElement said)
    {
        JsonObject both = JsonObject.Create(under)!;
        foreach (JsonProperty member in said.EnumerateObject())
        {
            both[member.Name] = JsonNode.Parse(member.Value.GetRawText());
        }

        return Parse(both.ToJsonString(), Member);
    }

    private static void RefuseBeside(JsonElement context)
    {
        foreach (JsonProperty member in context.ValueKind == JsonValueKind.Object ? context.EnumerateObject().ToArray() : [])
        {
            bool isPath = member.Name.StartsWith(Member + ".", StringComparison.Ordinal);
            string name = isPath ? member.Name[(Member.Length + 1)..] : member.Name;
            if (isPath || ContextValues.All.Any(value => value.Name == name))
            {
                throw new StackContextException(
                    $"The context has {member.Name} beside {Member}, where nobody reads it. Write it into the object {Member} in cdk.json, or say "
                    + $"-c {Member}='{{\"{name}\": …}}', which is laid over that object.");
            }
        }
    }

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
