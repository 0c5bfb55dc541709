using System.Text.Json.Nodes;

namespace CacheBackup.Local.Commands.Service;

/// <summary>Bodies of requests: members without a value are left out.</summary>
internal static class RequestBody
{
    public static JsonObject Of(params ReadOnlySpan<(string Name, JsonNode? Value)> members)
    {
        JsonObject body = [];
        foreach ((string name, JsonNode? value) in members)
        {
            if (value is not null)
            {
                body[name] = value;
            }
        }

        return body;
    }
}
