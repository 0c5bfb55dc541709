using Amazon.Lambda.Annotations;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Api;

/// <summary>
/// The API's download routes alone. A link carries the rights of the role that signed it, so that this role may read data and nothing
/// else, and the API's role need not read it.
/// </summary>
public sealed class DownloadFunction(ServiceParts parts)
{
    private readonly ProxyRequests _requests = new(new Router([.. new DownloadRoutes(parts).All]), parts.Time);

    [LambdaFunction(ResourceName = "Download", MemorySize = 512, Timeout = 15)]
    public Task<APIGatewayHttpApiV2ProxyResponse> HandleAsync(APIGatewayHttpApiV2ProxyRequest request, ILambdaContext context) =>
        _requests.AnswerAsync(request, context);
}
