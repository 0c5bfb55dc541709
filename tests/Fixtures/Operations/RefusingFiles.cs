using CacheBackup.Core.Buckets;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Storage;

namespace CacheBackup.Fixtures.Operations;

/// <summary>Files of a bucket whose policy refuses some calls: <c>list</c>, <c>find</c>, <c>read</c>, <c>write</c>, <c>remove</c>.</summary>
public sealed class RefusingFiles(IBucketFiles inner, params string[] refused) : IBucketFiles
{
    public Task<BucketFile?> FindAsync(BucketFileName name, CancellationToken cancellationToken) =>
        Allowed("find", () => inner.FindAsync(name, cancellationToken));

    public Task<ObjectContent> ReadAsync(BucketFileName name, ByteRange? range, CancellationToken cancellationToken) =>
        Allowed("read", () => inner.ReadAsync(name, range, cancellationToken));

    public Task RequireListingAsync(CancellationToken cancellationToken) => Allowed("list", () => inner.RequireListingAsync(cancellationToken));

    public Task WriteAsync(BucketFileName name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        Allowed("write", () => inner.WriteAsync(name, content, cancellationToken));

    public Task<CopyProof> WriteAsync(
        BucketFileName name, RecordedObject content, IProgress<TransferProgress>? progress, CancellationToken cancellationToken) =>
        Allowed("write", () => inner.WriteAsync(name, content, progress, cancellationToken));

    public Task RemoveAsync(BucketFileName name, CancellationToken cancellationToken) =>
        Allowed("remove", () => inner.RemoveAsync(name, cancellationToken));

    public Task RemovePartialAsync(BucketFileName name, CancellationToken cancellationToken) => inner.RemovePartialAsync(name, cancellationToken);

    private T Allowed<T>(string call, Func<T> run) =>
        refused.Contains(call) ? throw new StoreAccessDeniedException($"A test refuses to {call}.") : run();
}
