using Amazon.Lambda.APIGatewayEvents;
using CacheBackup.Core.Model;

namespace CacheBackup.Functions.Api;

/// <summary>A request as it came, before a route was found for it.</summary>
/// <param name="Path">Percent-encoded, without the query.</param>
/// <param name="Query">Percent-encoded, without the question mark.</param>
public sealed record ApiCall(string Method, string Path, string Query, ReadOnlyMemory<byte> Body)
{
    /// <summary>The header's value; null where the request has none.</summary>
    public string? IdempotencyKey { get; init; }

    /// <exception cref="InvalidRequestException">The body is said to be base64 and is not.</exception>
    public static ApiCall Of(APIGatewayHttpApiV2ProxyRequest request) => new(
        request.RequestContext?.Http?.Method ?? "GET",
        Encoded(request.RawPath ?? "/"),
        string.IsNullOrEmpty(request.RawQueryString) ? Joined(request.QueryStringParameters) : request.RawQueryString,
        BodyOf(request))
    {
        IdempotencyKey = request.Headers?.FirstOrDefault(h => h.Key.Equals(IdempotentRequests.KeyHeader, StringComparison.OrdinalIgnoreCase)).Value,
    };

    // HTTP APIs decode the path before they hand it on: a percent sign in it stands for itself, and a slash parts two segments.
    private static string Encoded(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));

    // Gateways that decode the query may leave the text itself out.
    private static string Joined(IDictionary<string, string>? parameters) =>
        string.Join('&', (parameters ?? new Dictionary<string, string>()).Select(p => $"{Uri.EscapeDataString(p.Key)}={Uri.EscapeDataString(p.Value)}"));

    private static byte[] BodyOf(APIGatewayHttpApiV2ProxyRequest request)
    {
        try
        {
            return request switch
            {
                { Body: null } => [],
                { IsBase64Encoded: true } => Convert.FromBase64String(request.Body),
                _ => System.Text.Encoding.UTF8.GetBytes(request.Body),
            };
        }
        catch (FormatException e)
        {
            throw new InvalidRequestException("The body is said to be base64 and is not.", e);
        }
    }
}
