using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace CacheBackup.Core.Storage;

/// <summary>
/// Objects in this process's memory, for tests and short-lived runs. Linearizable: each call takes effect at one instant between its
/// begin and its end. Tags are content hashes, as S3's are; upload ids count up, so that a run can be repeated.
/// </summary>
public sealed partial class MemoryObjectStore(TimeProvider timeProvider, MemoryStoreOptions? options = null) : IObjectStore, ILockingStore
{
    // S3's page of LIST. Between pages others may write, as they may there.
    private const int PageSize = 1000;
    private const string ListRefused = "The role may not list this store; allow s3:ListBucket.";

    private readonly Lock _gate = new();
    private readonly MemoryStoreOptions _options = options ?? new MemoryStoreOptions();
    private readonly SortedDictionary<ObjectKey, MemoryObject> _objects = [];
    private readonly Dictionary<UploadId, MemoryUpload> _uploads = [];
    private readonly Dictionary<ObjectKey, DateTimeOffset> _locks = [];
    private long _usedBytes;
    private int _uploadsBegun;

    public Task<ObjectContent> GetAsync(ObjectKey key, ByteRange? range, CancellationToken cancellationToken)
    {
        StoreLimits.CheckRange(range);
        return AtOnceAsync(
            () =>
            {
                MemoryObject found = Find(key) ?? throw new ObjectNotFoundException($"There is no object '{key}'.");
                ByteRange cut = StoreLimits.Cut(key, range, found.Content.Length);
                var body = new MemoryStream(found.Content, (int)cut.OffsetBytes, (int)cut.LengthBytes, writable: false);
                return new ObjectContent(body, cut.LengthBytes, found.Content.Length, found.Tag);
            },
            cancellationToken);
    }

    public Task<ObjectSummary?> HeadAsync(ObjectKey key, CancellationToken cancellationToken) =>
        AtOnceAsync(() => Find(key)?.Summary(key), cancellationToken);

    public Task<ObjectTag> PutAsync(
        ObjectKey key, ReadOnlyMemory<byte> content, WriteCondition condition, CancellationToken cancellationToken)
    {
        StoreLimits.CheckPut(content);
        byte[] bytes = content.ToArray();
        return AtOnceAsync(
            () =>
            {
                Check(key, condition);
                Take(bytes.Length - LengthOf(key));
                return Publish(key, bytes, TagOf(bytes));
            },
            cancellationToken);
    }

    public Task DeleteAsync(ObjectKey key, CancellationToken cancellationToken) => AtOnceAsync(() => Remove(key), cancellationToken);

    public Task DeleteAsync(ObjectKey key, WriteCondition condition, CancellationToken cancellationToken)
    {
        StoreLimits.CheckDelete(condition);
        return AtOnceAsync(
            () =>
            {
                Check(key, condition);
                return Remove(key);
            },
            cancellationToken);
    }

    public Task LockAsync(ObjectKey key, DateTimeOffset until, CancellationToken cancellationToken) =>
        AtOnceAsync(
            () =>
            {
                _ = Find(key) ?? throw new ObjectNotFoundException($"There is no object '{key}'.");
                return _locks[key] = _locks.TryGetValue(key, out DateTimeOffset before) && before > until ? before : until;
            },
            cancellationToken);

    public async IAsyncEnumerable<ObjectSummary> ListAsync(
        string prefix, string? startAfter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!_options.MayList)
        {
            throw new StoreAccessDeniedException(ListRefused);
        }

        string? after = startAfter;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            List<ObjectSummary> page = Page(prefix, after);
            foreach (ObjectSummary summary in page)
            {
                yield return summary;
                after = summary.Key.Value;
            }

            if (page.Count < PageSize)
            {
                yield break;
            }

            await Task.Yield();
        }
    }

    public Task<UploadId> BeginUploadAsync(ObjectKey key, CancellationToken cancellationToken) =>
        AtOnceAsync(
            () =>
            {
                var id = new UploadId(string.Create(CultureInfo.InvariantCulture, $"upload-{++_uploadsBegun}"));
                _uploads.Add(id, new MemoryUpload(key, timeProvider.GetUtcNow(), []));
                return id;
            },
            cancellationToken);

    public Task<UploadedPart> UploadPartAsync(
        ObjectKey key, UploadId upload, int partNumber, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        StoreLimits.CheckPartNumber(partNumber);
        byte[] bytes = content.ToArray();
        return AtOnceAsync(
            () =>
            {
                MemoryUpload open = Open(key, upload);
                Take(bytes.Length - (open.Parts.TryGetValue(partNumber, out byte[]? old) ? old.Length : 0));
                open.Parts[partNumber] = bytes;
                return new UploadedPart(partNumber, TagOf(bytes), bytes.Length);
            },
            cancellationToken);
    }

    public Task<ObjectTag> CompleteUploadAsync(
        ObjectKey key, UploadId upload, IReadOnlyList<UploadedPart> parts, WriteCondition condition, CancellationToken cancellationToken)
    {
        IReadOnlyList<UploadedPart> ordered = StoreLimits.CheckParts(parts, condition);
        return AtOnceAsync(
            () =>
            {
                MemoryUpload open = Open(key, upload);
                byte[] whole = Concat([.. ordered.Select(part => PartOf(open, key, part))]);
                Check(key, condition);
                Forget(upload, open);
                Take(whole.Length - LengthOf(key));
                return Publish(key, whole, new ObjectTag($"{TagOf(whole).Value}-{ordered.Count}"));
            },
            cancellationToken);
    }

    public Task AbortUploadAsync(ObjectKey key, UploadId upload, CancellationToken cancellationToken) =>
        AtOnceAsync(
            () =>
            {
                bool isOpen = _uploads.TryGetValue(upload, out MemoryUpload? open) && open.Key == key;
                if (isOpen)
                {
                    Forget(upload, open!);
                }

                return isOpen;
            },
            cancellationToken);

    public async IAsyncEnumerable<OpenUpload> ListUploadsAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await Task.Yield();
        if (!_options.MayList)
        {
            throw new StoreAccessDeniedException(ListRefused);
        }

        foreach (OpenUpload upload in OpenUploads(prefix))
        {
            yield return upload;
        }
    }

    private static ObjectTag TagOf(ReadOnlySpan<byte> content) => new(Convert.ToHexStringLower(SHA256.HashData(content)[..16]));

    private static byte[] PartOf(MemoryUpload upload, ObjectKey key, UploadedPart part) =>
        upload.Parts.TryGetValue(part.Number, out byte[]? content) && content.Length == part.LengthBytes && TagOf(content) == part.Tag
            ? content
            : throw new UploadNotFoundException($"The upload of '{key}' does not have part {part.Number} as it is listed.");

    private static byte[] Concat(byte[][] parts)
    {
        byte[] whole = new byte[parts.Sum(part => (long)part.Length)];
        int offset = 0;
        foreach (byte[] part in parts)
        {
            part.CopyTo(whole, offset);
            offset += part.Length;
        }

        return whole;
    }

    /// <summary>Runs one effect under the store's lock; what the store refuses comes back in the task, as from a network.</summary>
    private Task<T> AtOnceAsync<T>(Func<T> effect, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        try
        {
            lock (_gate)
            {
                return Task.FromResult(effect());
            }
        }
        catch (Exception refused) when (refused is PermanentException or ArgumentException)
        {
            return Task.FromException<T>(refused);
        }
    }

    private MemoryObject? Find(ObjectKey key)
    {
        MemoryObject? found = _objects.GetValueOrDefault(key);
        return found is null && !_options.MayList
            ? throw new StoreAccessDeniedException($"'{key}' is not there, or the role may not see it.")
            : found;
    }

    private long LengthOf(ObjectKey key) => _objects.TryGetValue(key, out MemoryObject? found) ? found.Content.Length : 0;

    private bool Remove(ObjectKey key)
    {
        if (_locks.TryGetValue(key, out DateTimeOffset until) && until > timeProvider.GetUtcNow())
        {
            throw new ObjectLockedException(key, until);
        }

        _locks.Remove(key);
        _usedBytes -= LengthOf(key);
        return _objects.Remove(key);
    }

    private void Check(ObjectKey key, WriteCondition condition)
    {
        MemoryObject? old = _objects.GetValueOrDefault(key);
        if (condition.MustBeAbsent && old is not null)
        {
            throw new PreconditionFailedException($"'{key}' exists already.");
        }

        if (condition.MustMatch is { } tag && old?.Tag != tag)
        {
            throw new PreconditionFailedException($"'{key}' is not as it was read: another wrote or removed it.");
        }
    }

    private void Take(long bytes)
    {
        if (bytes > _options.CapacityBytes - _usedBytes)
        {
            throw new StoreFullException($"The store holds {_usedBytes} of {_options.CapacityBytes} bytes and has no room for {bytes} more.");
        }

        _usedBytes += bytes;
    }

    private ObjectTag Publish(ObjectKey key, byte[] content, ObjectTag tag)
    {
        _objects[key] = new MemoryObject(content, tag, timeProvider.GetUtcNow());
        return tag;
    }

    private List<ObjectSummary> Page(string prefix, string? after)
    {
        lock (_gate)
        {
            return
            [
                .. _objects
                    .Where(entry => entry.Key.Value.StartsWith(prefix, StringComparison.Ordinal)
                        && (after is null || string.CompareOrdinal(entry.Key.Value, after) > 0))
                    .Take(PageSize)
                    .Select(entry => entry.Value.Summary(entry.Key)),
            ];
        }
    }

    private List<OpenUpload> OpenUploads(string prefix)
    {
        lock (_gate)
        {
            return
            [
                .. _uploads
                    .Where(entry => entry.Value.Key.Value.StartsWith(prefix, StringComparison.Ordinal))
                    .Select(entry => new OpenUpload(entry.Value.Key, entry.Key, entry.Value.BegunAt)),
            ];
        }
    }

    private MemoryUpload Open(ObjectKey key, UploadId upload) =>
        _uploads.TryGetValue(upload, out MemoryUpload? open) && open.Key == key
            ? open
            : throw new UploadNotFoundException($"There is no open upload of '{key}' with that id.");

    private void Forget(UploadId id, MemoryUpload upload)
    {
        _uploads.Remove(id);
        _usedBytes -= upload.Parts.Values.Sum(part => (long)part.Length);
    }

    private sealed record MemoryObject(byte[] Content, ObjectTag Tag, DateTimeOffset WrittenAt)
    {
        public ObjectSummary Summary(ObjectKey key) => new(key, Content.Length, Tag, WrittenAt);
    }

    private sealed record MemoryUpload(ObjectKey Key, DateTimeOffset BegunAt, Dictionary<int, byte[]> Parts);
}
