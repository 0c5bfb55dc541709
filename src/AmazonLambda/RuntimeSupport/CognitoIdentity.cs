using System.Text.Json;
using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>The Cognito identity header, <c>{"cognitoIdentityId":…,"cognitoIdentityPoolId":…}</c>.</summary>
internal sealed record CognitoIdentity(string? IdentityId, string? IdentityPoolId) : ICognitoIdentity
{
    /// <exception cref="JsonException">The caller sent something that is not JSON.</exception>
    public static CognitoIdentity Parse(string? json)
    {
        using var document = JsonDocument.Parse(json ?? "{}");
        return new CognitoIdentity(Text(document.RootElement, "cognitoIdentityId"), Text(document.RootElement, "cognitoIdentityPoolId"));
    }

    private static string? Text(JsonElement identity, string name) =>
        identity.ValueKind == JsonValueKind.Object && identity.TryGetProperty(name, out var member) ? member.ToString() : null;
}
