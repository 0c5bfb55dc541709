using CacheBackup.Core.Buckets;
using CacheBackup.Core.Storage;

namespace CacheBackup.Fixtures.Recording;

/// <summary>Buckets whose calls are noted, each under its own name.</summary>
public sealed class RecordingBuckets(IBuckets inner, Func<BucketAddress, IObjectStore> storeOf, TimeProvider time, CallRecorder recorder) : IBuckets
{
    public IObjectStore OpenStore(BucketAddress address) => Recorded(address);

    public IBucketFiles OpenFiles(BucketAddress address) => new StoreFiles(Recorded(address), time);

    public Task<BucketFacts> ExamineAsync(BucketAddress address, BucketFileName? file, CancellationToken cancellationToken)
    {
        recorder.Note($"s3://{address.Bucket}", file is null ? "Examine" : "ExamineFile");
        return inner.ExamineAsync(address, file, cancellationToken);
    }

    private RecordingObjectStore Recorded(BucketAddress address) => new(storeOf(address), $"s3://{address.Bucket}", recorder);
}
