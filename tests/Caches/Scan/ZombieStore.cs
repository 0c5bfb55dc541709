using CacheBackup.Core.Storage;

namespace CacheBackup.Caches.Tests.Scan;

/// <summary>
/// The store as a call sees it that everybody takes for dead: what it sends of the file is damaged, and its last write of the checkpoint happens when it
/// is let, long after another call went on.
/// </summary>
internal sealed class ZombieStore(IObjectStore inner, ObjectKey checkpoint) : IObjectStore
{
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _let = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _hasLease;

    /// <summary>Ends when it is about to write its last.</summary>
    public Task Held => _held.Task;

    /// <summary>Parts of the file that it sent.</summary>
    public int Parts { get; private set; }

    public void Let() => _let.SetResult();

    public async Task<ObjectTag> PutAsync(
        ObjectKey key, ReadOnlyMemory<byte> content, WriteCondition condition, CancellationToken cancellationToken)
    {
        if (key == checkpoint && (_hasLease || condition.MustBeAbsent))
        {
            _held.TrySetResult();
            await _let.Task.WaitAsync(cancellationToken);
        }

        _hasLease |= key == checkpoint;
        return await inner.PutAsync(key, content, condition, cancellationToken);
    }

    public Task<UploadedPart> UploadPartAsync(
        ObjectKey key, UploadId upload, int partNumber, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if (!key.Value.EndsWith(".rdb", StringComparison.Ordinal))
        {
            return inner.UploadPartAsync(key, upload, partNumber, content, cancellationToken);
        }

        Parts++;
        byte[] damaged = content.ToArray();
        damaged[damaged.Length / 2] ^= 0xff;
        return inner.UploadPartAsync(key, upload, partNumber, damaged, cancellationToken);
    }

    public Task<ObjectContent> GetAsync(ObjectKey key, ByteRange? range, CancellationToken cancellationToken) =>
        inner.GetAsync(key, range, cancellationToken);

    public Task<ObjectSummary?> HeadAsync(ObjectKey key, CancellationToken cancellationToken) => inner.HeadAsync(key, cancellationToken);

    public Task DeleteAsync(ObjectKey key, CancellationToken cancellationToken) => inner.DeleteAsync(key, cancellationToken);

    public Task DeleteAsync(ObjectKey key, WriteCondition condition, CancellationToken cancellationToken) =>
        inner.DeleteAsync(key, condition, cancellationToken);

    public IAsyncEnumerable<ObjectSummary> ListAsync(string prefix, string? startAfter, CancellationToken cancellationToken) =>
        inner.ListAsync(prefix, startAfter, cancellationToken);

    public Task<UploadId> BeginUploadAsync(ObjectKey key, CancellationToken cancellationToken) => inner.BeginUploadAsync(key, cancellationToken);

    public Task<ObjectTag> CompleteUploadAsync(
        ObjectKey key, UploadId upload, IReadOnlyList<UploadedPart> parts, WriteCondition condition, CancellationToken cancellationToken) =>
        inner.CompleteUploadAsync(key, upload, parts, condition, cancellationToken);

    public Task AbortUploadAsync(ObjectKey key, UploadId upload, CancellationToken cancellationToken) =>
        inner.AbortUploadAsync(key, upload, cancellationToken);

    public IAsyncEnumerable<OpenUpload> ListUploadsAsync(string prefix, CancellationToken cancellationToken) =>
        inner.ListUploadsAsync(prefix, cancellationToken);
}
