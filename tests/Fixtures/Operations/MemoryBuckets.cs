using System.Collections.Concurrent;
using CacheBackup.Core.Buckets;
using CacheBackup.Core.Storage;

namespace CacheBackup.Fixtures.Operations;

/// <summary>Buckets in memory, each with the facts that a test gives it.</summary>
public sealed class MemoryBuckets(TimeProvider time) : IBuckets
{
    private readonly ConcurrentDictionary<string, MemoryObjectStore> _stores = new(StringComparer.Ordinal);

    /// <summary>What an examination finds.</summary>
    public BucketFacts Facts { get; set; } = new() { Presence = BucketPresence.Present, IsOwned = true, Acl = [] };

    /// <summary>Put around the files of every bucket: the place where a test refuses something.</summary>
    public Func<IBucketFiles, IBucketFiles> Wrap { get; set; } = files => files;

    public IObjectStore OpenStore(BucketAddress address) => StoreAt(address.Location);

    public IBucketFiles OpenFiles(BucketAddress address) => Wrap(new StoreFiles(StoreAt(address.Location), time));

    public Task<BucketFacts> ExamineAsync(BucketAddress address, BucketFileName? file, CancellationToken cancellationToken) => Task.FromResult(Facts);

    public MemoryObjectStore StoreAt(string location) => _stores.GetOrAdd(location, _ => new MemoryObjectStore(time));
}
