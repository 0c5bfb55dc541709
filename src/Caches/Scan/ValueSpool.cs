using System.Buffers;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Caches.Scan;

/// <summary>
/// A value on the local disk, as an RDB file stores it, until it is known that it did not change while it was read. Memory: one block. Not thread-safe.
/// </summary>
internal sealed class ValueSpool : IDisposable
{
    private const int BlockBytes = 256 * 1024;

    private readonly FileStream _file;
    private readonly byte[] _block = ArrayPool<byte>.Shared.Rent(BlockBytes);
    private int _filled;
    private long _written;

    /// <exception cref="ScanRefusedException">No file can be made there.</exception>
    public ValueSpool(string directory)
    {
        try
        {
            _file = NamelessFile.Create(directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            ArrayPool<byte>.Shared.Return(_block);
            throw NoRoom(e);
        }
    }

    public long LengthBytes => _written + _filled;

    /// <summary>Forgets what was added.</summary>
    public void Clear()
    {
        (_filled, _written) = (0, 0);
        RandomAccess.SetLength(_file.SafeFileHandle, 0);
    }

    /// <exception cref="ScanRefusedException">The disk is full.</exception>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int count = Math.Min(bytes.Length, BlockBytes - _filled);
            bytes[..count].CopyTo(_block.AsSpan(_filled));
            _filled += count;
            bytes = bytes[count..];
            if (_filled == BlockBytes)
            {
                WriteBlock();
            }
        }
    }

    /// <summary>A string's length, which stands before it.</summary>
    public void AddLength(long length)
    {
        Span<byte> bytes = stackalloc byte[RdbLength.MaxBytes];
        Add(bytes[..RdbLength.Write(bytes, (ulong)length)]);
    }

    public void AddString(ReadOnlySpan<byte> text)
    {
        AddLength(text.Length);
        Add(text);
    }

    /// <summary>All of it, from the beginning, in pieces. Each is overwritten by the next, and nothing is to be added any more.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Read()
    {
        WriteBlock();
        for (long offset = 0; offset < _written;)
        {
            int count = RandomAccess.Read(_file.SafeFileHandle, _block.AsSpan(0, (int)Math.Min(BlockBytes, _written - offset)), offset);
            if (count == 0)
            {
                throw new IOException("The spool of a value on the local disk is shorter than what was written to it.");
            }

            offset += count;
            yield return _block.AsMemory(0, count);
        }
    }

    public void Dispose()
    {
        _file.Dispose();
        ArrayPool<byte>.Shared.Return(_block);
    }

    private void WriteBlock()
    {
        try
        {
            RandomAccess.Write(_file.SafeFileHandle, _block.AsSpan(0, _filled), _written);
        }
        catch (IOException e)
        {
            throw NoRoom(e);
        }

        _written += _filled;
        _filled = 0;
    }

    private ScanRefusedException NoRoom(Exception cause) => new(
        $"A value that is read in pieces cannot be kept on the local disk ({cause.GetType().Name} after {LengthBytes:N0} bytes). "
        + "Make room for temporary files, or mark fewer keys.", cause);
}
