namespace CacheBackup.Caches.Memcached;

/// <summary>A file without a name, which one task writes while another reads what is there.</summary>
internal sealed class KeyFile : IDisposable
{
    private readonly FileStream _file;
    private long _writtenBytes;
    private long _readBytes;
    private volatile bool _isFull;

    private KeyFile(FileStream file) => _file = file;

    /// <summary>Nothing is written any more.</summary>
    public bool IsFull
    {
        get => _isFull;
        set => _isFull = value;
    }

    public long WrittenBytes => Interlocked.Read(ref _writtenBytes);

    /// <exception cref="IOException">No file can be made there.</exception>
    /// <exception cref="UnauthorizedAccessException">The same, for want of rights.</exception>
    public static KeyFile Create(string directory) => new(NamelessFile.Create(directory));

    /// <exception cref="IOException">The disk is full.</exception>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        RandomAccess.Write(_file.SafeFileHandle, bytes, _writtenBytes);
        Interlocked.Add(ref _writtenBytes, bytes.Length);
    }

    /// <returns>0: all that was written is read.</returns>
    public int Read(Span<byte> destination)
    {
        int most = (int)Math.Min(WrittenBytes - _readBytes, destination.Length);
        int read = most == 0 ? 0 : RandomAccess.Read(_file.SafeFileHandle, destination[..most], _readBytes);
        _readBytes += read;
        return read;
    }

    public void Dispose() => _file.Dispose();
}
