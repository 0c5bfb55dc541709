using System.Text.Json;
using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>The <c>client</c> member of a mobile client's context.</summary>
internal sealed record ClientApplication(
    string? AppPackageName, string? AppTitle, string? AppVersionCode, string? AppVersionName, string? InstallationId) : IClientApplication
{
    public static ClientApplication Read(JsonElement client)
    {
        return new ClientApplication(
            Text("app_package_name"), Text("app_title"), Text("app_version_code"), Text("app_version_name"), Text("installation_id"));

        string? Text(string name) =>
            client.ValueKind == JsonValueKind.Object && client.TryGetProperty(name, out var member) ? member.ToString() : null;
    }
}
