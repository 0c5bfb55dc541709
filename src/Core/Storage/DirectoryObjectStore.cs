using System.Runtime.CompilerServices;
using CacheBackup.Core.Storage.Files;

namespace CacheBackup.Core.Storage;

/// <summary>
/// Objects as files of one directory, for one machine and any number of its processes. An object is a plain file: the key
/// <c>data/x/shard-0.rdb</c> is <c>data~/x~/shard-0.rdb</c>, readable by any tool. Linux and macOS; on a local file system, or one
/// that honours <c>flock</c> among its machines.
/// <list type="bullet">
/// <item>A write is a temporary file, synchronised, renamed over the object, and the directory synchronised: whole or not at all, also
/// when the process is killed or the power fails.</item>
/// <item>Conditions are decided under a lock per key that all processes share and that the kernel drops when its holder dies.</item>
/// <item>Free space is checked first; directories have mode 0700 and files 0600.</item>
/// <item>Nothing outside the root can be named: keys have no <c>..</c>, and symbolic links are not made.</item>
/// </list>
/// </summary>
public sealed partial class DirectoryObjectStore : IObjectStore
{
    private readonly ObjectArea _area;
    private readonly UploadArea _uploads;
    private readonly TimeProvider _timeProvider;

    private DirectoryObjectStore(ObjectArea area, TimeProvider timeProvider)
    {
        (_area, _timeProvider) = (area, timeProvider);
        _uploads = new UploadArea(area, timeProvider);
    }

    /// <summary>
    /// Opens a store, makes it where the directory is new or empty, and removes temporary files that killed processes left.
    /// </summary>
    /// <param name="rootDirectory">The directory, for this store alone.</param>
    /// <param name="timeProvider">The clock that objects and uploads are dated by.</param>
    /// <param name="options">The reserve and time limits.</param>
    /// <exception cref="PermanentException">The directory holds other things, or its file system cannot tell keys apart.</exception>
    /// <exception cref="StoreAccessDeniedException">This user may not write there.</exception>
    public static DirectoryObjectStore Open(string rootDirectory, TimeProvider timeProvider, DirectoryStoreOptions? options = null)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException("A directory is an object store on Linux and macOS only; use s3:// on Windows.");
        }

        options ??= new DirectoryStoreOptions();
        try
        {
            var store = new DirectoryObjectStore(ObjectArea.Open(rootDirectory, options), timeProvider);
            TemporaryFile.Sweep(store._area.Temporary, options.TemporaryLifetime);
            store._uploads.Sweep();
            return store;
        }
        catch (Exception failure) when (StoreErrors.Translate(failure, rootDirectory) is { } meaning)
        {
            throw meaning;
        }
    }

    public Task<ObjectContent> GetAsync(ObjectKey key, ByteRange? range, CancellationToken cancellationToken)
    {
        StoreLimits.CheckRange(range);
        return AtDiskAsync(() => Task.FromResult(Read(key, range)), cancellationToken);
    }

    public Task<ObjectSummary?> HeadAsync(ObjectKey key, CancellationToken cancellationToken) =>
        AtDiskAsync(() => Task.FromResult(Summary(key)), cancellationToken);

    public Task<ObjectTag> PutAsync(
        ObjectKey key, ReadOnlyMemory<byte> content, WriteCondition condition, CancellationToken cancellationToken)
    {
        StoreLimits.CheckPut(content);
        return AtDiskAsync(() => WriteAsync(key, content, condition, cancellationToken), cancellationToken);
    }

    public Task DeleteAsync(ObjectKey key, CancellationToken cancellationToken) => RemoveAsync(key, WriteCondition.None, cancellationToken);

    public Task DeleteAsync(ObjectKey key, WriteCondition condition, CancellationToken cancellationToken)
    {
        StoreLimits.CheckDelete(condition);
        return RemoveAsync(key, condition, cancellationToken);
    }

    public async IAsyncEnumerable<ObjectSummary> ListAsync(
        string prefix, string? startAfter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using IEnumerator<ObjectKey> keys = KeyWalk.Keys(_area.Root, prefix, startAfter).GetEnumerator();
        // One hop off the caller's thread; after it the walk stays on its own.
        while (await AtDiskAsync(() => Task.FromResult(Next(keys)), cancellationToken) is { } summary)
        {
            yield return summary;
        }
    }

    public Task<UploadId> BeginUploadAsync(ObjectKey key, CancellationToken cancellationToken) =>
        AtDiskAsync(() => Task.FromResult(_uploads.Begin(key)), cancellationToken);

    public Task<UploadedPart> UploadPartAsync(
        ObjectKey key, UploadId upload, int partNumber, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        StoreLimits.CheckPartNumber(partNumber);
        // Not off this thread: the part's place is taken now. The write itself does not hold the caller up.
        return TranslateAsync(() => _uploads.WriteAsync(key, upload, partNumber, content, cancellationToken));
    }

    public Task<ObjectTag> CompleteUploadAsync(
        ObjectKey key, UploadId upload, IReadOnlyList<UploadedPart> parts, WriteCondition condition, CancellationToken cancellationToken)
    {
        IReadOnlyList<UploadedPart> ordered = StoreLimits.CheckParts(parts, condition);
        return AtDiskAsync(() => _uploads.CompleteAsync(key, upload, ordered, condition, cancellationToken), cancellationToken);
    }

    public Task AbortUploadAsync(ObjectKey key, UploadId upload, CancellationToken cancellationToken) =>
        AtDiskAsync(
            async () =>
            {
                await _uploads.AbortAsync(key, upload, cancellationToken);
                return upload;
            },
            cancellationToken);

    public async IAsyncEnumerable<OpenUpload> ListUploadsAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (OpenUpload upload in await AtDiskAsync(() => Task.FromResult(_uploads.List(prefix)), cancellationToken))
        {
            yield return upload;
        }
    }

    private Task<ObjectKey> RemoveAsync(ObjectKey key, WriteCondition condition, CancellationToken cancellationToken) => AtDiskAsync(
        async () =>
        {
            await _area.RemoveAsync(key, condition, cancellationToken);
            return key;
        },
        cancellationToken);

    private ObjectContent Read(ObjectKey key, ByteRange? range)
    {
        ObjectFile file = ObjectFile.TryOpen(_area.FileOf(key)) ?? throw new ObjectNotFoundException($"There is no object '{key}'.");
        try
        {
            long length = file.LengthBytes;
            ByteRange cut = StoreLimits.Cut(key, range, length);
            ObjectTag tag = file.ReadTag();
            var body = new FileStream(file.Handle, FileAccess.Read, bufferSize: 0) { Position = cut.OffsetBytes };
            return new ObjectContent(new ExactLengthStream(body, cut.LengthBytes, key), cut.LengthBytes, length, tag);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private ObjectSummary? Summary(ObjectKey key)
    {
        using ObjectFile? file = ObjectFile.TryOpen(_area.FileOf(key));
        return file?.Summary(key);
    }

    private async Task<ObjectTag> WriteAsync(
        ObjectKey key, ReadOnlyMemory<byte> content, WriteCondition condition, CancellationToken cancellationToken)
    {
        // Asked here as well, without the lock: a writer that has lost already need not write.
        _area.Check(key, condition);
        _area.CheckSpace(content.Length, reserveBytes: 0);
        using TemporaryFile file = TemporaryFile.Create(_area.NewTemporary());
        RandomAccess.Write(file.Handle, content.Span, 0);
        ObjectTag tag = ObjectFile.Seal(file.Handle, ObjectFile.TagOf(content.Span), _timeProvider.GetUtcNow());
        await _area.PublishAsync(key, file.Path, condition, () => { }, cancellationToken);
        return tag;
    }

    /// <summary>The next key's object, or null at the end; one that was removed since its name was read is passed over.</summary>
    private ObjectSummary? Next(IEnumerator<ObjectKey> keys)
    {
        while (keys.MoveNext())
        {
            if (Summary(keys.Current) is { } summary)
            {
                return summary;
            }
        }

        return null;
    }

    /// <summary>Files block their thread: a call leaves its caller's thread first.</summary>
    private async Task<T> AtDiskAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        return await TranslateAsync(call);
    }

    private async Task<T> TranslateAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception failure) when (StoreErrors.Translate(failure, _area.Root) is { } meaning)
        {
            throw meaning;
        }
    }
}
