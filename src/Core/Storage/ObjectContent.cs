namespace CacheBackup.Core.Storage;

/// <summary>
/// An object, or the asked range of it, being read. <see cref="Stream"/> yields exactly <see cref="LengthBytes"/> bytes or throws
/// <see cref="StoreUnavailableException"/>: a connection that ends early is never the end of the data.
/// </summary>
public sealed class ObjectContent(Stream stream, long lengthBytes, long objectLengthBytes, ObjectTag tag) : IAsyncDisposable
{
    public Stream Stream { get; } = stream;

    public long LengthBytes { get; } = lengthBytes;

    /// <summary>The whole object's length, whatever range was asked for.</summary>
    public long ObjectLengthBytes { get; } = objectLengthBytes;

    public ObjectTag Tag { get; } = tag;

    public ValueTask DisposeAsync() => Stream.DisposeAsync();
}
