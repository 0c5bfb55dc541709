using System.Text.Json;

namespace Amazon.Lambda.Serialization.SystemTextJson;

/// <summary>Names as AWS's events have them: as the member is called, save for S3's two response headers.</summary>
public class AwsNamingPolicy : JsonNamingPolicy
{
    private readonly JsonNamingPolicy? _fallbackNamingPolicy;

    public AwsNamingPolicy()
    {
    }

    /// <summary>A policy that leaves all other names to <paramref name="fallbackNamingPolicy"/>.</summary>
    public AwsNamingPolicy(JsonNamingPolicy fallbackNamingPolicy) => _fallbackNamingPolicy = fallbackNamingPolicy;

    public override string ConvertName(string name) => name switch
    {
        "XAmzId2" => "x-amz-id-2",
        "XAmzRequestId" => "x-amz-request-id",
        _ => _fallbackNamingPolicy?.ConvertName(name) ?? name,
    };
}
