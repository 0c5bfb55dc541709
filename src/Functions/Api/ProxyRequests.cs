using System.Text;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Core;
using CacheBackup.Core.Model;

namespace CacheBackup.Functions.Api;

/// <summary>Between API Gateway's events and the routes.</summary>
internal sealed class ProxyRequests(Router router, TimeProvider time)
{
    public async Task<APIGatewayHttpApiV2ProxyResponse> AnswerAsync(APIGatewayHttpApiV2ProxyRequest request, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        ApiResponse response;
        try
        {
            response = await router.HandleAsync(
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
