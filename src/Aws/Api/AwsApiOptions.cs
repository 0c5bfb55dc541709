using Amazon;
using Amazon.Runtime;
using CacheBackup.Core.Storage;

namespace CacheBackup.Aws.Api;

/// <summary>Where a service of AWS is, and how long it is waited for.</summary>
public sealed record AwsApiOptions
{
    // Services of others take any Region; signatures need one.
    private const string DefaultRegionAtEndpoint = "us-east-1";

    /// <summary>Something else that speaks the service's protocol; null: the service itself.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>Null: as the SDK finds it (<c>AWS_REGION</c>, the profile), and <c>us-east-1</c> at an endpoint.</summary>
    public string? Region { get; init; }

    /// <summary>
    /// The longest wait for a connection. In a VPC without an endpoint of the service nothing ever answers: that is said after this
    /// time, and not tried again.
    /// </summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest wait for the whole answer to one request, the connection included.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>No attempt begins after this time from the first one, so that a step has time left to tell the failure.</summary>
    public TimeSpan LastAttempt { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Attempts in all, 1 to 10.</summary>
    public int Attempts { get; init; } = 5;

    /// <summary>
    /// The longest wait before the second attempt; it doubles with each, and the wait is anything between none and it, so that callers
    /// that were throttled together do not come back together.
    /// </summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>What the doubling ends at.</summary>
    public TimeSpan LongestRetryDelay { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>The longest answer that is read, in bytes; it is held whole.</summary>
    public int MaxReplyBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>The endpoint from <c>AWS_ENDPOINT_URL_&lt;SERVICE&gt;</c>, else <c>AWS_ENDPOINT_URL</c>; the rest as it is by default.</summary>
    /// <param name="readVariable">Reads an environment variable, or gives null.</param>
    /// <exception cref="FormatException">The variable is not an http or https address.</exception>
    public static AwsApiOptions FromEnvironment(AwsService service, Func<string, string?> readVariable)
    {
        foreach (string name in new[] { $"AWS_ENDPOINT_URL_{service.Setting}", "AWS_ENDPOINT_URL" })
        {
            if (readVariable(name) is { Length: > 0 } address)
            {
                return Uri.TryCreate(address, UriKind.Absolute, out Uri? endpoint) && endpoint.Scheme is ("http" or "https")
                    ? new AwsApiOptions { Endpoint = endpoint }
                    : throw new FormatException($"{name} is not an http or https address.");
            }
        }

        return new AwsApiOptions();
    }

    /// <exception cref="StoreNotFoundException">No Region is known.</exception>
    internal RegionEndpoint FindRegion()
    {
        string? region = Region ?? FallbackRegionFactory.GetRegionEndpoint()?.SystemName ?? (Endpoint is null ? null : DefaultRegionAtEndpoint);
        return RegionEndpoint.GetBySystemName(
            region ?? throw new StoreNotFoundException("No Region is known; set AWS_REGION to that of the service's stack."));
    }

    internal Uri AddressOf(AwsService service, RegionEndpoint region) =>
        Endpoint ?? new Uri($"https://{service.Prefix}.{region.SystemName}.{region.PartitionDnsSuffix}/");
}
