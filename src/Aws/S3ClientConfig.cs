using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using CacheBackup.Core.Storage;

namespace CacheBackup.Aws;

/// <summary>The SDK's settings for a store.</summary>
internal static class S3ClientConfig
{
    // Stores of others take any Region; signatures need one.
    private const string DefaultRegionAtEndpoint = "us-east-1";

    public static AmazonS3Config Create(S3StoreOptions options, int retries)
    {
        string? region = options.Region ?? FallbackRegionFactory.GetRegionEndpoint()?.SystemName;
        var config = new AmazonS3Config
        {
            MaxErrorRetry = retries,
            Timeout = options.RequestTimeout,
            ConnectTimeout = options.ConnectTimeout,
            // The endpoint is ours to read: what the SDK would find by itself depends on its version.
            IgnoreConfiguredEndpointUrls = true,
        };
        if (options.Endpoint is { } endpoint)
        {
            config.ServiceURL = endpoint.AbsoluteUri;
            config.ForcePathStyle = true;
            config.AuthenticationRegion = region ?? DefaultRegionAtEndpoint;
            return config;
        }

        config.RegionEndpoint = RegionEndpoint.GetBySystemName(
            region ?? throw new StoreNotFoundException("No Region is known; set AWS_REGION to that of the bucket."));
        return config;
    }
}
