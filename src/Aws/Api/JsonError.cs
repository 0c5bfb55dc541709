using System.Text.Json.Serialization;

namespace CacheBackup.Aws.Api;

/// <summary>The body of an error in AWS's JSON protocol; services differ in how they write it.</summary>
internal sealed record JsonError
{
    [JsonPropertyName("__type")]
    public string? Type { get; init; }

    [JsonPropertyName("code")]
    public string? Code { get; init; }

    [JsonPropertyName("message")]
    public string? LowerMessage { get; init; }

    [JsonPropertyName("Message")]
    public string? UpperMessage { get; init; }
}
