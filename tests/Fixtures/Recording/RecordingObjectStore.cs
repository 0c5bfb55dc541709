using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Storage;

namespace CacheBackup.Fixtures.Recording;

/// <summary>A store whose calls are noted; what lies below <c>data/</c> of the service's own store is noted as of the data bucket.</summary>
/// <param name="bucket">Null: the service's own two buckets.</param>
public sealed class RecordingObjectStore(IObjectStore inner, string? bucket, CallRecorder recorder) : IObjectStore, IServerSideCopy
{
    public const string Catalog = "catalog";
    public const string Data = "data";

    private readonly IObjectStore _inner = inner;

    public Task<ObjectContent> GetAsync(ObjectKey key, ByteRange? range, CancellationToken cancellationToken)
    {
        Note("Get", key.Value);
        return _inner.GetAsync(key, range, cancellationToken);
    }

    public Task<ObjectSummary?> HeadAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        Note("Head", key.Value);
        return _inner.HeadAsync(key, cancellationToken);
    }

    public Task<ObjectTag> PutAsync(ObjectKey key, ReadOnlyMemory<byte> content, WriteCondition condition, CancellationToken cancellationToken)
    {
        Note(condition.MustMatch is null ? "Put" : "PutMatching", key.Value);
        return _inner.PutAsync(key, content, condition, cancellationToken);
    }

    public Task DeleteAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        Note("Delete", key.Value);
        return _inner.DeleteAsync(key, cancellationToken);
    }

    public Task DeleteAsync(ObjectKey key, WriteCondition condition, CancellationToken cancellationToken)
    {
        Note("DeleteMatching", key.Value);
        return _inner.DeleteAsync(key, condition, cancellationToken);
    }

    public IAsyncEnumerable<ObjectSummary> ListAsync(string prefix, string? startAfter, CancellationToken cancellationToken)
    {
        Note("List", prefix);
        return _inner.ListAsync(prefix, startAfter, cancellationToken);
    }

    public Task<UploadId> BeginUploadAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        Note("BeginUpload", key.Value);
        return _inner.BeginUploadAsync(key, cancellationToken);
    }

    public Task<UploadedPart> UploadPartAsync(
        ObjectKey key, UploadId upload, int partNumber, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        Note("UploadPart", key.Value);
        return _inner.UploadPartAsync(key, upload, partNumber, content, cancellationToken);
    }

    public Task<ObjectTag> CompleteUploadAsync(
        ObjectKey key, UploadId upload, IReadOnlyList<UploadedPart> parts, WriteCondition condition, CancellationToken cancellationToken)
    {
        Note("CompleteUpload", key.Value);
        return _inner.CompleteUploadAsync(key, upload, parts, condition, cancellationToken);
    }

    public Task AbortUploadAsync(ObjectKey key, UploadId upload, CancellationToken cancellationToken)
    {
        Note("AbortUpload", key.Value);
        return _inner.AbortUploadAsync(key, upload, cancellationToken);
    }

    public IAsyncEnumerable<OpenUpload> ListUploadsAsync(string prefix, CancellationToken cancellationToken)
    {
        Note("ListUploads", prefix);
        return _inner.ListUploadsAsync(prefix, cancellationToken);
    }

    public Task<ServerSideCopy?> TryCopyAsync(
        IObjectStore source, ObjectKey sourceKey, long lengthBytes, ObjectKey key, CancellationToken cancellationToken)
    {
        if (source is not RecordingObjectStore other || _inner is not IServerSideCopy able)
        {
            return Task.FromResult<ServerSideCopy?>(null);
        }

        other.Note("CopyFrom", sourceKey.Value);
        Note("CopyTo", key.Value);
        return able.TryCopyAsync(other._inner, sourceKey, lengthBytes, key, cancellationToken);
    }

    private void Note(string member, string key)
    {
        if (bucket is not null)
        {
            bool isOurs = key.StartsWith(CatalogKeys.DataRoot, StringComparison.Ordinal) || key.StartsWith(ExchangeKeys.Staged, StringComparison.Ordinal);
            recorder.Note(bucket, member, isOurs ? Sample(key) : "x");
            return;
        }

        bool isData = key.StartsWith(CatalogKeys.DataRoot, StringComparison.Ordinal);
        if (isData || CatalogKeys.DataRoot.StartsWith(key, StringComparison.Ordinal))
        {
            recorder.Note(Data, member, Sample(key));
        }

        if (!isData)
        {
            recorder.Note(Catalog, member, Sample(key));
        }
    }

    /// <summary>A key of the same kind: names and numbers in it are one <c>x</c>, so that each kind is noted once.</summary>
    private static string Sample(string key) => key.Split('/') switch
    {
        ["data", _, var leaf, ..] when leaf.StartsWith("shard-", StringComparison.Ordinal) => "data/x/shard-x",
        ["data", _, "slices", ..] => "data/x/slices/shard-x",
        ["data", _, "verify", ..] => "data/x/verify/x",
        ["data", _, { Length: > 0 } leaf] => $"data/x/{leaf}",
        ["data", ..] => "data/x",
        ["catalog", var folder, _, ..] => $"catalog/{folder}/x",
        ["catalog", { Length: > 0 } document] => $"catalog/{document}",
        var parts => $"{parts[0]}/x",
    };
}
