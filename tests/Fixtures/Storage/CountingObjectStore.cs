using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using CacheBackup.Core.Storage;

namespace CacheBackup.Fixtures.Storage;

/// <summary>Counts what S3 would bill: a LIST for every 1,000 keys that are taken from it, begun or whole.</summary>
public sealed class CountingObjectStore(IObjectStore inner) : IObjectStore
{
    private const int KeysInList = 1000;

    private readonly ConcurrentDictionary<string, int> _requests = new();

    public int this[string request] => _requests.GetValueOrDefault(request);

    public int Total => _requests.Values.Sum();

    public void Reset() => _requests.Clear();

    public Task<ObjectContent> GetAsync(ObjectKey key, ByteRange? range, CancellationToken cancellationToken) =>
        Counted("GET", () => inner.GetAsync(key, range, cancellationToken));

    public Task<ObjectSummary?> HeadAsync(ObjectKey key, CancellationToken cancellationToken) =>
        Counted("HEAD", () => inner.HeadAsync(key, cancellationToken));

    public Task<ObjectTag> PutAsync(ObjectKey key, ReadOnlyMemory<byte> content, WriteCondition condition, CancellationToken cancellationToken) =>
        Counted("PUT", () => inner.PutAsync(key, content, condition, cancellationToken));

    public Task DeleteAsync(ObjectKey key, CancellationToken cancellationToken) =>
        Counted("DELETE", () => inner.DeleteAsync(key, cancellationToken));

    public Task DeleteAsync(ObjectKey key, WriteCondition condition, CancellationToken cancellationToken) =>
        Counted("DELETE", () => inner.DeleteAsync(key, condition, cancellationToken));

    public async IAsyncEnumerable<ObjectSummary> ListAsync(
        string prefix, string? startAfter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        int taken = 0;
        Count("LIST");
        await foreach (ObjectSummary summary in inner.ListAsync(prefix, startAfter, cancellationToken))
        {
            if (taken++ == KeysInList)
            {
                Count("LIST");
                taken = 1;
            }

            yield return summary;
        }
    }

    public Task<UploadId> BeginUploadAsync(ObjectKey key, CancellationToken cancellationToken) =>
        Counted("POST", () => inner.BeginUploadAsync(key, cancellationToken));

    public Task<UploadedPart> UploadPartAsync(
        ObjectKey key, UploadId upload, int partNumber, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        Counted("PUT", () => inner.UploadPartAsync(key, upload, partNumber, content, cancellationToken));

    public Task<ObjectTag> CompleteUploadAsync(
        ObjectKey key, UploadId upload, IReadOnlyList<UploadedPart> parts, WriteCondition condition, CancellationToken cancellationToken) =>
        Counted("POST", () => inner.CompleteUploadAsync(key, upload, parts, condition, cancellationToken));

    public Task AbortUploadAsync(ObjectKey key, UploadId upload, CancellationToken cancellationToken) =>
        Counted("DELETE", () => inner.AbortUploadAsync(key, upload, cancellationToken));

    public IAsyncEnumerable<OpenUpload> ListUploadsAsync(string prefix, CancellationToken cancellationToken)
    {
        Count("LIST");
        return inner.ListUploadsAsync(prefix, cancellationToken);
    }

    private void Count(string request) => _requests.AddOrUpdate(request, 1, (_, count) => count + 1);

    private T Counted<T>(string request, Func<T> call)
    {
        Count(request);
        return call();
    }
}
