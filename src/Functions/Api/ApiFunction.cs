using Amazon.Lambda.Annotations;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Api;

/// <summary>
/// The HTTP API: one handler behind API Gateway and behind the local host. No route works longer than 10 seconds, far from the gateway's own
/// limit of 30: jobs answer 202, and what is not done by then answers 503.
/// </summary>
public sealed class ApiFunction
{
    private readonly ProxyRequests _requests;

    public ApiFunction(ServiceParts parts, string version) => _requests = new ProxyRequests(
        new Router(RoutesOn(parts, version), new IdempotentRequests(parts, changed => RoutesOn(changed, version))), parts.Time);

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

    [LambdaFunction(ResourceName = "Api", MemorySize = 512, Timeout = 15)]
    public Task<APIGatewayHttpApiV2ProxyResponse> HandleAsync(APIGatewayHttpApiV2ProxyRequest request, ILambdaContext context) =>
        _requests.AnswerAsync(request, context);
}
