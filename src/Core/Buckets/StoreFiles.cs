using CacheBackup.Core.Operations;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Buckets;

/// <summary>The files of a bucket by way of a store that gives keys on as they are: S3, or memory.</summary>
public sealed class StoreFiles(IObjectStore store, TimeProvider time) : IBucketFiles
{
    public async Task<BucketFile?> FindAsync(BucketFileName name, CancellationToken cancellationToken) =>
        await store.HeadAsync(Key(name), cancellationToken) is { } found ? new BucketFile(found.LengthBytes, found.WrittenAt) : null;

    public Task<ObjectContent> ReadAsync(BucketFileName name, ByteRange? range, CancellationToken cancellationToken) =>
        store.GetAsync(Key(name), range, cancellationToken);

    public async Task RequireListingAsync(CancellationToken cancellationToken)
    {
        await foreach (ObjectSummary _ in store.ListAsync(string.Empty, null, cancellationToken))
        {
            break;
        }
    }

    public Task WriteAsync(BucketFileName name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        store.PutAsync(Key(name), content, WriteCondition.Absent, cancellationToken);

    public Task<CopyProof> WriteAsync(
        BucketFileName name, RecordedObject content, IProgress<TransferProgress>? progress, CancellationToken cancellationToken) =>
        new ObjectCopy(content.Store, store, time).RunAsync(content.Key, content.LengthBytes, content.Sha256, Key(name), progress, cancellationToken);

    public Task RemoveAsync(BucketFileName name, CancellationToken cancellationToken) => store.DeleteAsync(Key(name), cancellationToken);

    public async Task RemovePartialAsync(BucketFileName name, CancellationToken cancellationToken)
    {
        ObjectKey key = Key(name);
        await foreach (OpenUpload upload in store.ListUploadsAsync(key.Value, cancellationToken))
        {
            if (upload.Key == key)
            {
                await store.AbortUploadAsync(key, upload.Id, cancellationToken);
            }
        }
    }

    private static ObjectKey Key(BucketFileName name) => ObjectKey.OfOthers(name.Value);
}
