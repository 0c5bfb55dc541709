using CacheBackup.Core.Storage;

namespace CacheBackup.Local.Commands;

/// <summary>
/// One file seen as an object store that holds one object and takes no writes: what restores from a store also restores from a file. The file
/// stays open, so that all that is read is of one file, also where its name is given to another one meanwhile.
/// </summary>
internal sealed class FileObjectStore : IObjectStore, IDisposable
{
    private readonly FileStream _file;
    private readonly ObjectKey _key;

    /// <param name="file">Stays the caller's until this is disposed.</param>
    /// <param name="key">What the file is called as an object; it stands for its content.</param>
    public FileObjectStore(FileStream file, ObjectKey key)
    {
        _file = file;
        _key = key;
    }

    private ObjectTag Tag => new(_key.Value);

    public Task<ObjectContent> GetAsync(ObjectKey key, ByteRange? range, CancellationToken cancellationToken)
    {
        Require(key);
        long length = _file.Length;
        long offset = range?.OffsetBytes ?? 0;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, length);
        long count = Math.Min(range?.LengthBytes ?? length, length - offset);
        return Task.FromResult(new ObjectContent(new FileRangeStream(_file.SafeFileHandle, offset, count), count, length, Tag));
    }

    public Task<ObjectSummary?> HeadAsync(ObjectKey key, CancellationToken cancellationToken) => Task.FromResult(
        key == _key ? new ObjectSummary(key, _file.Length, Tag, File.GetLastWriteTimeUtc(_file.SafeFileHandle)) : null);

    public Task<ObjectTag> PutAsync(ObjectKey key, ReadOnlyMemory<byte> content, WriteCondition condition, CancellationToken cancellationToken) =>
        throw ReadOnly();

    public Task DeleteAsync(ObjectKey key, CancellationToken cancellationToken) => throw ReadOnly();

    public Task DeleteAsync(ObjectKey key, WriteCondition condition, CancellationToken cancellationToken) => throw ReadOnly();

    public IAsyncEnumerable<ObjectSummary> ListAsync(string prefix, string? startAfter, CancellationToken cancellationToken) => throw ReadOnly();

    public Task<UploadId> BeginUploadAsync(ObjectKey key, CancellationToken cancellationToken) => throw ReadOnly();

    public Task<UploadedPart> UploadPartAsync(
        ObjectKey key, UploadId upload, int partNumber, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => throw ReadOnly();

    public Task<ObjectTag> CompleteUploadAsync(
        ObjectKey key, UploadId upload, IReadOnlyList<UploadedPart> parts, WriteCondition condition, CancellationToken cancellationToken) =>
        throw ReadOnly();

    public Task AbortUploadAsync(ObjectKey key, UploadId upload, CancellationToken cancellationToken) => throw ReadOnly();

    public IAsyncEnumerable<OpenUpload> ListUploadsAsync(string prefix, CancellationToken cancellationToken) => throw ReadOnly();

    public void Dispose() => _file.Dispose();

    private static NotSupportedException ReadOnly() => new("A file that is restored from is only read, by ranges.");

    private void Require(ObjectKey key)
    {
        if (key != _key)
        {
            throw new ObjectNotFoundException($"There is no object {key}: the file is called {_key}.");
        }
    }
}
