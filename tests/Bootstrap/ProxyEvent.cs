using System.Text.Json;

namespace CacheBackup.Bootstrap.Tests;

/// <summary>A request as API Gateway's HTTP API hands it on, payload format 2.0: the path is decoded, the query is not.</summary>
internal static class ProxyEvent
{
    /// <param name="path">With its query, as it is sent.</param>
    public static string Of(string method, string path, string? body = null, string? idempotencyKey = null)
    {
        string[] parts = path.Split('?', 2);
        string decoded = Uri.UnescapeDataString(parts[0]);
        Dictionary<string, string> headers = new() { ["host"] = "api.example.com", ["accept"] = "*/*" };
        if (body is not null)
        {
            headers["content-type"] = "application/json";
        }

        if (idempotencyKey is not null)
        {
            headers["idempotency-key"] = idempotencyKey;
        }

        return JsonSerializer.Serialize(new
        {
            version = "2.0",
            routeKey = "$default",
            rawPath = decoded,
            rawQueryString = parts.Length == 2 ? parts[1] : string.Empty,
            headers,
            requestContext = new
            {
                accountId = Settings.Account,
                apiId = "api",
                authorizer = new { iam = new { accessKey = "AKIAIOSFODNN7EXAMPLE", accountId = Settings.Account, userArn = "arn:aws:iam::123456789012:user/someone" } },
                domainName = "api.example.com",
                http = new { method, path = decoded, protocol = "HTTP/1.1", sourceIp = "192.0.2.1", userAgent = "test" },
                requestId = "id",
                routeKey = "$default",
                stage = "$default",
                time = "12/Mar/2026:19:03:58 +0000",
                timeEpoch = 1_773_342_238_000,
            },
            body,
            isBase64Encoded = false,
        });
    }
}
