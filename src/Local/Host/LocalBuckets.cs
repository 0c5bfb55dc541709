using System.Collections.Concurrent;
using CacheBackup.Aws;
using CacheBackup.Core.Buckets;
using CacheBackup.Core.Storage;

namespace CacheBackup.Local.Host;

/// <summary>Buckets as one machine has them: directories, and S3 as the environment reaches it.</summary>
internal sealed class LocalBuckets(TimeProvider time) : IBuckets, IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<DirectoryObjectStore>> _directories = new(StringComparer.Ordinal);

    // Only where a bucket is named: without one no variable of the environment has to be right.
    private readonly Lazy<S3Buckets> _s3 = new(() => new S3Buckets(S3StoreOptions.FromEnvironment(Environment.GetEnvironmentVariable), time));

    public IObjectStore OpenStore(BucketAddress address) => address.IsDirectory
        ? _directories.GetOrAdd(address.Location, place => new Lazy<DirectoryObjectStore>(() => DirectoryObjectStore.Open(place, time))).Value
        : _s3.Value.OpenStore(address);

    public IBucketFiles OpenFiles(BucketAddress address) =>
        address.IsDirectory ? new FolderFiles(address.Location, time) : _s3.Value.OpenFiles(address);

    public Task<BucketFacts> ExamineAsync(BucketAddress address, BucketFileName? file, CancellationToken cancellationToken) => address.IsDirectory
        ? Task.FromResult(new BucketFacts { Presence = Directory.Exists(address.Location) ? BucketPresence.Present : BucketPresence.Missing })
        : _s3.Value.ExamineAsync(address, file, cancellationToken);

    public void Dispose()
    {
        if (_s3.IsValueCreated)
        {
            _s3.Value.Dispose();
        }
    }
}
