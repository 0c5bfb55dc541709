using System.Text.Json.Serialization;
using Amazon.Lambda.APIGatewayEvents;

namespace CacheBackup.Functions.Api;

/// <summary>API Gateway's events and answers, payload format 2.0.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    PropertyNameCaseInsensitive = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(APIGatewayHttpApiV2ProxyRequest))]
[JsonSerializable(typeof(APIGatewayHttpApiV2ProxyResponse))]
internal sealed partial class ProxyJson : JsonSerializerContext;
