using System.Text;
using Amazon.Lambda.Annotations;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Api;

/// <summary>The HTTP API: one handler behind API Gateway and behind the local host. No route works longer than a few seconds: jobs answer 202.</summary>
public sealed class ApiFunction
{
    private readonly Router _router;
    private readonly TimeProvider _time;

    public ApiFunction(ServiceParts parts, string version)
    {
        _time = parts.Time;
        _router = new Router(
        [
            new Route("GET", "health", (_, _) => Task.FromResult(
                ApiResponse.Of(200, new HealthView("ok", version), ApiJson.Default.HealthView))),
            .. new CacheRoutes(parts).All,
            .. new BackupRoutes(parts).All,
            .. new CopyRoutes(parts).All,
            .. new ExportRoutes(parts).All,
            .. new ImportRoutes(parts).All,
            .. new DownloadRoutes(parts).All,
            .. new TagRoutes(parts).All,
            .. new EventRoutes(parts).All,
            .. new ExecutionRoutes(parts).All,
            .. new ProofRoutes(parts).All,
        ]);
    }

    [LambdaFunction(ResourceName = "Api", MemorySize = 512, Timeout = 29)]
    public async Task<APIGatewayHttpApiV2ProxyResponse> HandleAsync(APIGatewayHttpApiV2ProxyRequest request, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, _time);
        ApiResponse response = await _router.HandleAsync(
            request.RequestContext?.Http?.Method ?? "GET",
            request.RawPath ?? "/",
            new Dictionary<string, string>(request.QueryStringParameters ?? new Dictionary<string, string>()),
            BodyOf(request),
            failure => context.Logger.LogError($"{request.RequestContext?.Http?.Method} {request.RawPath}: {failure}"),
            deadline.Token);

        Dictionary<string, string> headers = new() { ["content-type"] = response.ContentType, ["cache-control"] = "no-store" };
        if (response.Location is { } location)
        {
            headers["location"] = location;
        }

        return new APIGatewayHttpApiV2ProxyResponse
        {
            StatusCode = response.Status,
            Headers = headers,
            Body = Encoding.UTF8.GetString(response.Body.Span),
        };
    }

    private static byte[] BodyOf(APIGatewayHttpApiV2ProxyRequest request) => request switch
    {
        { Body: null } => [],
        { IsBase64Encoded: true } => Convert.FromBase64String(request.Body),
        _ => Encoding.UTF8.GetBytes(request.Body),
    };
}
