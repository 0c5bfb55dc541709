using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CacheBackup.Core.Storage;

namespace CacheBackup.Aws.Api;

/// <summary>AWS's JSON protocol: a POST whose <c>X-Amz-Target</c> names the action.</summary>
/// <param name="target">What every target begins with, as <c>AWSStepFunctions</c>.</param>
/// <param name="version">1.0 or 1.1, as the service's model says.</param>
internal sealed class AwsJsonApi(AwsApi api, string target, string version)
{
    /// <exception cref="AwsServiceException">Refused for good.</exception>
    /// <exception cref="StoreUnavailableException">Not now.</exception>
    public async Task<TReply> SendAsync<TRequest, TReply>(
        string action, TRequest request, JsonTypeInfo<TRequest> requestType, JsonTypeInfo<TReply> replyType, CancellationToken cancellationToken)
    {
        AwsRequest call = new(
            action, $"application/x-amz-json-{version}", $"{target}.{action}", JsonSerializer.SerializeToUtf8Bytes(request, requestType));
        AwsReply reply = await api.SendAsync(call, ErrorOf, AwsApi.Refused, cancellationToken);
        try
        {
            return JsonSerializer.Deserialize(reply.Body.Span, replyType) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new StoreUnavailableException(
                $"{api.Service} answered {action} with something that is not the JSON it should be. Whether it took effect is not known; try again.", e);
        }
    }

    internal static AwsError ErrorOf(AwsReply reply)
    {
        try
        {
            JsonError? error = reply.Body.IsEmpty ? null : JsonSerializer.Deserialize(reply.Body.Span, AwsApiJson.Default.JsonError);
            return AwsError.Of(error?.Type ?? error?.Code ?? reply.ErrorType, error?.LowerMessage ?? error?.UpperMessage, null);
        }
        catch (JsonException)
        {
            // A proxy's or load balancer's page: the status alone decides.
            return AwsError.Of(reply.ErrorType, null, null);
        }
    }
}
