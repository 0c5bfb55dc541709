using System.Buffers.Binary;
using CacheBackup.Core.Memcached;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Caches.Memcached;

/// <summary>
/// The keys that the crawler has named, on local disk: the crawler must not wait for the items to be read and stored, and a list of all keys does not
/// fit into flat memory. First all are added, then batches are taken, by several tasks. The file has no name, so that it goes with the process. A key takes its
/// length and 17 bytes.
/// </summary>
internal sealed class KeyList : IDisposable
{
    private const int HeadBytes = 1 + 8 + 8;
    private const int BlockBytes = 256 * 1024;

    private readonly FileStream _file;
    private readonly byte[] _block = new byte[BlockBytes];
    private readonly Lock _taking = new();
    private int _start;
    private int _end;
    private bool _isSealed;

    /// <exception cref="ScanRefusedException">No file can be made there.</exception>
    public KeyList(string directory)
    {
        string path = Path.Combine(directory, $"cache-backup-keys-{Path.GetRandomFileName()}");
        try
        {
            _file = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Share = FileShare.Delete,
                BufferSize = 0,
                UnixCreateMode = OperatingSystem.IsWindows() ? null : UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _file?.Dispose();
            throw NoRoom(e);
        }
    }

    public long Count { get; private set; }

    /// <exception cref="ScanRefusedException">The disk is full.</exception>
    public void Add(ReadOnlySpan<byte> key, in MetadumpLine line)
    {
        if (BlockBytes - _end < HeadBytes + ItemKey.MaxBytes)
        {
            WriteBlock();
        }

        Span<byte> head = _block.AsSpan(_end);
        head[0] = (byte)key.Length;
        BinaryPrimitives.WriteInt64LittleEndian(head[1..], line.ExpireAtSeconds);
        BinaryPrimitives.WriteInt64LittleEndian(head[9..], line.SizeBytes);
        key.CopyTo(head[HeadBytes..]);
        _end += HeadBytes + key.Length;
        Count++;
    }

    /// <summary>All keys are there: from now on they are taken.</summary>
    public void Seal()
    {
        WriteBlock();
        _file.Position = 0;
        _isSealed = true;
    }

    /// <summary>Fills a batch with the next keys.</summary>
    /// <returns>False: there are no more; the batch is empty.</returns>
    public bool TryTake(KeyBatch batch)
    {
        lock (_taking)
        {
            if (!_isSealed)
            {
                throw new InvalidOperationException("The list is not whole yet.");
            }

            batch.Clear();
            while (TryPeek(out ReadOnlySpan<byte> head) && batch.TryAdd(
                head.Slice(HeadBytes, head[0]), BinaryPrimitives.ReadInt64LittleEndian(head[1..]), BinaryPrimitives.ReadInt64LittleEndian(head[9..])))
            {
                _start += HeadBytes + head[0];
            }

            return !batch.IsEmpty;
        }
    }

    public void Dispose() => _file.Dispose();

    private bool TryPeek(out ReadOnlySpan<byte> entry)
    {
        if (!IsWhole())
        {
            _block.AsSpan(_start, _end - _start).CopyTo(_block);
            (_start, _end) = (0, _end - _start);
            _end += _file.ReadAtLeast(_block.AsSpan(_end), 1, throwOnEndOfStream: false);
            if (!IsWhole() && _end > _start)
            {
                _end += _file.ReadAtLeast(_block.AsSpan(_end), HeadBytes + ItemKey.MaxBytes, throwOnEndOfStream: false);
            }
        }

        entry = _block.AsSpan(_start, _end - _start);
        return IsWhole();
    }

    private bool IsWhole() => _end - _start >= HeadBytes && _end - _start >= HeadBytes + _block[_start];

    private void WriteBlock()
    {
        try
        {
            _file.Write(_block.AsSpan(0, _end));
        }
        catch (IOException e)
        {
            throw NoRoom(e);
        }

        _end = 0;
    }

    private static ScanRefusedException NoRoom(Exception cause) => new(
        $"The list of the cache's keys cannot be kept on the local disk ({cause.GetType().Name}). It needs about 50 bytes a key: make room for temporary files.", cause);
}
