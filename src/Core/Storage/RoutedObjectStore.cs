using System.Runtime.CompilerServices;

namespace CacheBackup.Core.Storage;

/// <summary>
/// Two stores as one: the backups' data in one of them, everything else in the other. In AWS they are two buckets, since what holds for the
/// catalog (old versions are kept, never locked) is wrong for the data, and the other way round.
/// </summary>
/// <param name="root">What the keys of the data begin with; ends with a slash.</param>
/// <param name="data">Holds every key below <paramref name="root"/>, and is asked for no other.</param>
/// <param name="others">Holds every other key. What lies below <paramref name="root"/> there is not seen.</param>
public sealed class RoutedObjectStore(string root, IObjectStore data, IObjectStore others) : IObjectStore, IServerSideCopy
{
    /// <summary>The store behind <paramref name="store"/> that has the key itself: what can copy or sign is asked there.</summary>
    public static IObjectStore Holding(IObjectStore store, ObjectKey key) => store is RoutedObjectStore routed ? routed.Of(key) : store;

    public Task<ObjectContent> GetAsync(ObjectKey key, ByteRange? range, CancellationToken cancellationToken) =>
        Of(key).GetAsync(key, range, cancellationToken);

    public Task<ObjectSummary?> HeadAsync(ObjectKey key, CancellationToken cancellationToken) => Of(key).HeadAsync(key, cancellationToken);

    public Task<ObjectTag> PutAsync(
        ObjectKey key, ReadOnlyMemory<byte> content, WriteCondition condition, CancellationToken cancellationToken) =>
        Of(key).PutAsync(key, content, condition, cancellationToken);

    public Task DeleteAsync(ObjectKey key, CancellationToken cancellationToken) => Of(key).DeleteAsync(key, cancellationToken);

    public IAsyncEnumerable<ObjectSummary> ListAsync(string prefix, string? startAfter, CancellationToken cancellationToken)
    {
        if (IsOfData(prefix))
        {
            return data.ListAsync(prefix, startAfter, cancellationToken);
        }

        return CoversData(prefix)
            ? ListBothAsync(prefix, startAfter, cancellationToken)
            : others.ListAsync(prefix, startAfter, cancellationToken);
    }

    public Task<UploadId> BeginUploadAsync(ObjectKey key, CancellationToken cancellationToken) => Of(key).BeginUploadAsync(key, cancellationToken);

    public Task<UploadedPart> UploadPartAsync(
        ObjectKey key, UploadId upload, int partNumber, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        Of(key).UploadPartAsync(key, upload, partNumber, content, cancellationToken);

    public Task<ObjectTag> CompleteUploadAsync(
        ObjectKey key, UploadId upload, IReadOnlyList<UploadedPart> parts, WriteCondition condition, CancellationToken cancellationToken) =>
        Of(key).CompleteUploadAsync(key, upload, parts, condition, cancellationToken);

    public Task AbortUploadAsync(ObjectKey key, UploadId upload, CancellationToken cancellationToken) =>
        Of(key).AbortUploadAsync(key, upload, cancellationToken);

    public async IAsyncEnumerable<OpenUpload> ListUploadsAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (IsOfData(prefix) || CoversData(prefix))
        {
            await foreach (OpenUpload upload in data.ListUploadsAsync(IsOfData(prefix) ? prefix : root, cancellationToken))
            {
                yield return upload;
            }
        }

        if (!IsOfData(prefix))
        {
            await foreach (OpenUpload upload in others.ListUploadsAsync(prefix, cancellationToken))
            {
                if (!IsOfData(upload.Key.Value))
                {
                    yield return upload;
                }
            }
        }
    }

    public async Task<ServerSideCopy?> TryCopyAsync(
        IObjectStore source, ObjectKey sourceKey, long lengthBytes, ObjectKey key, CancellationToken cancellationToken) =>
        Of(key) is IServerSideCopy able
            ? await able.TryCopyAsync(Holding(source, sourceKey), sourceKey, lengthBytes, key, cancellationToken)
            : null;

    private IObjectStore Of(ObjectKey key) => IsOfData(key.Value) ? data : others;

    private bool IsOfData(string keyOrPrefix) => keyOrPrefix.StartsWith(root, StringComparison.Ordinal);

    private bool CoversData(string prefix) => root.StartsWith(prefix, StringComparison.Ordinal);

    // All keys below one root are neighbours in ordinal order: the data's come in one piece, before the first of the others that is behind.
    private async IAsyncEnumerable<ObjectSummary> ListBothAsync(
        string prefix, string? startAfter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        bool isDataListed = false;
        await foreach (ObjectSummary summary in others.ListAsync(prefix, startAfter, cancellationToken))
        {
            if (IsOfData(summary.Key.Value))
            {
                continue;
            }

            if (!isDataListed && string.CompareOrdinal(summary.Key.Value, root) > 0)
            {
                isDataListed = true;
                await foreach (ObjectSummary found in data.ListAsync(root, startAfter, cancellationToken))
                {
                    yield return found;
                }
            }

            yield return summary;
        }

        if (!isDataListed)
        {
            await foreach (ObjectSummary found in data.ListAsync(root, startAfter, cancellationToken))
            {
                yield return found;
            }
        }
    }
}
