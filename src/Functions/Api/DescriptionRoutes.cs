namespace CacheBackup.Functions.Api;

/// <summary>What the API says of itself.</summary>
public sealed class DescriptionRoutes(string version)
{
    private const string Resource = "openapi.json";

    public IEnumerable<Route> All =>
    [
        new("GET", "health", HealthAsync)
        {
            Summary = "Tells that the service answers, and which version it is. Needs no token.",
            Answer = new(200, ApiJson.Default.HealthView),
        },
        new("GET", "openapi.json", DescribeAsync)
        {
            Summary = "This description, as OpenAPI 3.1.",
            Answer = new(200, null),
        },
    ];

    private Task<ApiResponse> HealthAsync(ApiRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(ApiResponse.Of(200, new HealthView("ok", version), ApiJson.Default.HealthView));

    private static async Task<ApiResponse> DescribeAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        await using Stream stream = typeof(DescriptionRoutes).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The program was built without {Resource}.");
        byte[] body = new byte[stream.Length];
        await stream.ReadExactlyAsync(body, cancellationToken);
        return new ApiResponse(200, ApiResponse.Json, body);
    }
}
