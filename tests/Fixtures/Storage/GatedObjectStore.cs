using System.Runtime.CompilerServices;
using CacheBackup.Core.Storage;

namespace CacheBackup.Fixtures.Storage;

/// <summary>A store that takes parts only as it is let, and counts those that wait.</summary>
public sealed class GatedObjectStore(IObjectStore inner) : IObjectStore, IDisposable
{
    private readonly SemaphoreSlim _gate = new(0);
    private readonly Lock _counting = new();

    /// <summary>Parts that were begun and are not acknowledged.</summary>
    public int InFlight { get; private set; }

    public int MostInFlight { get; private set; }

    /// <summary>Lets so many parts through.</summary>
    public void OpenFor(int parts) => _gate.Release(parts);

    public async Task<UploadedPart> UploadPartAsync(
        ObjectKey key, UploadId upload, int partNumber, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        Count(1);
        await _gate.WaitAsync(cancellationToken);
        UploadedPart part = await inner.UploadPartAsync(key, upload, partNumber, content, cancellationToken);
        Count(-1);
        return part;
    }

    public Task<ObjectContent> GetAsync(ObjectKey key, ByteRange? range, CancellationToken cancellationToken) =>
        inner.GetAsync(key, range, cancellationToken);

    public Task<ObjectSummary?> HeadAsync(ObjectKey key, CancellationToken cancellationToken) => inner.HeadAsync(key, cancellationToken);

    public Task<ObjectTag> PutAsync(
        ObjectKey key, ReadOnlyMemory<byte> content, WriteCondition condition, CancellationToken cancellationToken) =>
        inner.PutAsync(key, content, condition, cancellationToken);

    public Task DeleteAsync(ObjectKey key, CancellationToken cancellationToken) => inner.DeleteAsync(key, cancellationToken);

    public Task DeleteAsync(ObjectKey key, WriteCondition condition, CancellationToken cancellationToken) =>
        inner.DeleteAsync(key, condition, cancellationToken);

    public async IAsyncEnumerable<ObjectSummary> ListAsync(
        string prefix, string? startAfter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (ObjectSummary summary in inner.ListAsync(prefix, startAfter, cancellationToken))
        {
            yield return summary;
        }
    }

    public Task<UploadId> BeginUploadAsync(ObjectKey key, CancellationToken cancellationToken) =>
        inner.BeginUploadAsync(key, cancellationToken);

    public Task<ObjectTag> CompleteUploadAsync(
        ObjectKey key, UploadId upload, IReadOnlyList<UploadedPart> parts, WriteCondition condition, CancellationToken cancellationToken) =>
        inner.CompleteUploadAsync(key, upload, parts, condition, cancellationToken);

    public Task AbortUploadAsync(ObjectKey key, UploadId upload, CancellationToken cancellationToken) =>
        inner.AbortUploadAsync(key, upload, cancellationToken);

    public async IAsyncEnumerable<OpenUpload> ListUploadsAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (OpenUpload upload in inner.ListUploadsAsync(prefix, cancellationToken))
        {
            yield return upload;
        }
    }

    public void Dispose() => _gate.Dispose();

    private void Count(int change)
    {
        lock (_counting)
        {
            InFlight += change;
            MostInFlight = Math.Max(MostInFlight, InFlight);
        }
    }
}
