using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using CacheBackup.Core.Storage;

namespace CacheBackup.Fixtures.Storage;

/// <summary>
/// Tells of each effect on a store right after it happened and before its caller hears of it: the place where a process is killed in a
/// test. Only calls that change the store are effects, and only those that succeeded.
/// </summary>
/// <param name="inner">The store.</param>
/// <param name="afterEffect">Called on the thread of the effect; what it throws, the caller of the store gets.</param>
public sealed class ObservedObjectStore(IObjectStore inner, Action<StoreEffect> afterEffect) : IObjectStore
{
    private readonly ConcurrentDictionary<StoreOperation, int> _counts = new();

    public Task<ObjectContent> GetAsync(ObjectKey key, ByteRange? range, CancellationToken cancellationToken) =>
        inner.GetAsync(key, range, cancellationToken);

    public Task<ObjectSummary?> HeadAsync(ObjectKey key, CancellationToken cancellationToken) => inner.HeadAsync(key, cancellationToken);

    public async Task<ObjectTag> PutAsync(
        ObjectKey key, ReadOnlyMemory<byte> content, WriteCondition condition, CancellationToken cancellationToken)
    {
        ObjectTag tag = await inner.PutAsync(key, content, condition, cancellationToken);
        Tell(StoreOperation.Put, key, content);
        return tag;
    }

    public async Task DeleteAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        await inner.DeleteAsync(key, cancellationToken);
        Tell(StoreOperation.Delete, key);
    }

    public async Task DeleteAsync(ObjectKey key, WriteCondition condition, CancellationToken cancellationToken)
    {
        await inner.DeleteAsync(key, condition, cancellationToken);
        Tell(StoreOperation.Delete, key);
    }

    public async IAsyncEnumerable<ObjectSummary> ListAsync(
        string prefix, string? startAfter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (ObjectSummary summary in inner.ListAsync(prefix, startAfter, cancellationToken))
        {
            yield return summary;
        }
    }

    public async Task<UploadId> BeginUploadAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        UploadId upload = await inner.BeginUploadAsync(key, cancellationToken);
        Tell(StoreOperation.BeginUpload, key);
        return upload;
    }

    public async Task<UploadedPart> UploadPartAsync(
        ObjectKey key, UploadId upload, int partNumber, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        UploadedPart part = await inner.UploadPartAsync(key, upload, partNumber, content, cancellationToken);
        Tell(StoreOperation.UploadPart, key);
        return part;
    }

    public async Task<ObjectTag> CompleteUploadAsync(
        ObjectKey key, UploadId upload, IReadOnlyList<UploadedPart> parts, WriteCondition condition, CancellationToken cancellationToken)
    {
        ObjectTag tag = await inner.CompleteUploadAsync(key, upload, parts, condition, cancellationToken);
        Tell(StoreOperation.CompleteUpload, key);
        return tag;
    }

    public async Task AbortUploadAsync(ObjectKey key, UploadId upload, CancellationToken cancellationToken)
    {
        await inner.AbortUploadAsync(key, upload, cancellationToken);
        Tell(StoreOperation.AbortUpload, key);
    }

    public async IAsyncEnumerable<OpenUpload> ListUploadsAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (OpenUpload upload in inner.ListUploadsAsync(prefix, cancellationToken))
        {
            yield return upload;
        }
    }

    private void Tell(StoreOperation operation, ObjectKey key, ReadOnlyMemory<byte> content = default) =>
        afterEffect(new StoreEffect(operation, key, _counts.AddOrUpdate(operation, 1, (_, count) => count + 1)) { Content = content });
}
