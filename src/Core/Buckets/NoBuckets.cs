using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Buckets;

/// <summary>For a service that has its own store and nothing else: no request gets here, because nothing is configured.</summary>
public sealed class NoBuckets : IBuckets
{
    public static NoBuckets Instance { get; } = new();

    public IObjectStore OpenStore(BucketAddress address) => throw Refused(address);

    public IBucketFiles OpenFiles(BucketAddress address) => throw Refused(address);

    public Task<BucketFacts> ExamineAsync(BucketAddress address, BucketFileName? file, CancellationToken cancellationToken) => throw Refused(address);

    private static TargetNotConfiguredException Refused(BucketAddress address) =>
        new($"{address.Location} cannot be opened: this service was set up with its own store alone.");
}
