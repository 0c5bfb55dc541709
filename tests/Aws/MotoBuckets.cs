using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using CacheBackup.Fixtures;

[assembly: AssemblyFixture(typeof(MotoServer))]

namespace CacheBackup.Aws.Tests;

/// <summary>New buckets on the assembly's moto server.</summary>
internal static class MotoBuckets
{
    private static int _made;

    public static BasicAWSCredentials Credentials { get; } = new("test", "test");

    public static Task<S3ObjectStore> OpenAsync(MotoServer moto, string prefix) => OpenAsync(moto, prefix, mode: null);

    /// <param name="mode">Null: a bucket without Object Lock.</param>
    public static async Task<S3ObjectStore> OpenAsync(MotoServer moto, string prefix, S3LockMode? mode)
    {
        var options = new S3StoreOptions { Endpoint = await moto.EndpointAsync(), Lock = mode };
        string bucket = $"bucket-{Environment.ProcessId}-{Interlocked.Increment(ref _made)}";
        using var client = new AmazonS3Client(
            Credentials,
            new AmazonS3Config { ServiceURL = options.Endpoint!.AbsoluteUri, ForcePathStyle = true, AuthenticationRegion = "us-east-1" });
        PutBucketRequest request = new() { BucketName = bucket, ObjectLockEnabledForBucket = mode is null ? null : true };
        await client.PutBucketAsync(request, TestContext.Current.CancellationToken);
        return S3ObjectStore.Open(S3Location.Parse($"s3://{bucket}{prefix}"), options, TimeProvider.System, Credentials);
    }
}
