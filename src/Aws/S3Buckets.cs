using System.Collections.Concurrent;
using Amazon.Runtime;
using CacheBackup.Core.Buckets;
using CacheBackup.Core.Model;
using CacheBackup.Core.Storage;

namespace CacheBackup.Aws;

/// <summary>Buckets of S3 apart from the service's own, each with a client for its Region, kept for the life of the process.</summary>
/// <param name="options">As the service reaches S3; Region and KMS key are the address's own.</param>
/// <param name="time">The clock of waits.</param>
/// <param name="credentials">Null: from the SDK's chain.</param>
public sealed class S3Buckets(S3StoreOptions options, TimeProvider time, AWSCredentials? credentials = null) : IBuckets, IDisposable
{
    private readonly ConcurrentDictionary<(BucketAddress Address, bool IsOfOthers), Lazy<S3ObjectStore>> _stores = new();

    public IObjectStore OpenStore(BucketAddress address) => Open(address, isOfOthers: false);

    public IBucketFiles OpenFiles(BucketAddress address) => new StoreFiles(Open(address, isOfOthers: true), time);

    public async Task<BucketFacts> ExamineAsync(BucketAddress address, BucketFileName? file, CancellationToken cancellationToken)
    {
        using S3BucketExamination examination = new(LocationOf(address), OptionsOf(address), credentials);
        return await examination.RunAsync(file, cancellationToken);
    }

    public void Dispose()
    {
        foreach (Lazy<S3ObjectStore> store in _stores.Values.Where(store => store.IsValueCreated))
        {
            store.Value.Dispose();
        }
    }

    private S3ObjectStore Open(BucketAddress address, bool isOfOthers) => _stores.GetOrAdd(
        (address, isOfOthers),
        key => new Lazy<S3ObjectStore>(() => S3ObjectStore.Open(
            LocationOf(address), OptionsOf(address) with { TakesAnyKey = key.IsOfOthers }, time, credentials))).Value;

    private S3StoreOptions OptionsOf(BucketAddress address) =>
        options with { Region = address.Region ?? options.Region, KmsKey = address.KmsKey };

    private static S3Location LocationOf(BucketAddress address)
    {
        try
        {
            return S3Location.Parse(address.Location);
        }
        catch (FormatException e)
        {
            throw new InvalidRequestException(e.Message, e);
        }
    }
}
