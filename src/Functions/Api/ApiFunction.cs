using System.Text;
using Amazon.Lambda.Annotations;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Core;
using CacheBackup.Core.Model;
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
        _router = new Router(RoutesOn(parts, version), new IdempotentRequests(parts, changed => RoutesOn(changed, version)));
    }

    /// <summary>Every route. Made anew for parts that a request changes.</summary>
    public static IReadOnlyList<Route> RoutesOn(ServiceParts parts, string version) =>
    [
        .. new DescriptionRoutes(version).All,
        .. new CacheRoutes(parts).All,
        .. new BackupRoutes(parts).All,
        .. new CopyRoutes(parts).All,
        .. new ExportRoutes(parts).All,
        .. new ImportRoutes(parts).All,
        .. new DownloadRoutes(parts).All,
        .. new ProofRoutes(parts).All,
        .. new TagRoutes(parts).All,
        .. new EventRoutes(parts).All,
        .. new ExecutionRoutes(parts).All,
    ];

    [LambdaFunction(ResourceName = "Api", MemorySize = 512, Timeout = 29)]
    public async Task<APIGatewayHttpApiV2ProxyResponse> HandleAsync(APIGatewayHttpApiV2ProxyRequest request, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, _time);
        ApiResponse response;
        try
        {
            response = await _router.HandleAsync(
                ApiCall.Of(request),
                failure => context.Logger.LogError($"{request.RequestContext?.Http?.Method} {request.RawPath}: {failure}"),
                deadline.Token);
        }
        catch (InvalidRequestException e)
        {
            response = ApiResponse.Of(e);
        }

        Dictionary<string, string> headers = new(response.Headers) { ["content-type"] = response.ContentType, ["cache-control"] = "no-store" };
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
}
