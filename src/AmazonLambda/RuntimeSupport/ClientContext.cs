using System.Text.Json;
using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>The mobile client's context, <c>{"client":{…},"custom":{…},"env":{…}}</c>.</summary>
internal sealed record ClientContext(IClientApplication Client, IDictionary<string, string> Custom, IDictionary<string, string> Environment)
    : IClientContext
{
    /// <exception cref="JsonException">The caller sent something that is not JSON.</exception>
    public static ClientContext Parse(string? json)
    {
        using var document = JsonDocument.Parse(json ?? "{}");
        var root = document.RootElement;
        return new ClientContext(
            ClientApplication.Read(Member(root, "client")), Dictionary(Member(root, "custom")), Dictionary(Member(root, "env")));
    }

    private static JsonElement Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) ? member : default;

    private static Dictionary<string, string> Dictionary(JsonElement element) => element.ValueKind == JsonValueKind.Object
        ? element.EnumerateObject().ToDictionary(member => member.Name, member => member.Value.ToString())
        : [];
}
