using System.Buffers.Binary;
using CacheBackup.Core.Memcached;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Caches.Memcached;

/// <summary>
/// The keys that the crawler names, on local disk: the crawler must not wait for the items to be read and stored, and a list of all keys
/// does not fit into flat memory. One task adds keys, others take batches of those that are there. The file has no name, so that it goes
/// with the process. A key takes its length and 17 bytes. Memory: two blocks.
/// </summary>
internal sealed class KeyList : IDisposable
{
    private const int HeadBytes = 1 + 8 + 8;
    private const int BlockBytes = 128 * 1024;

    private readonly FileStream _file;
    private readonly SemaphoreSlim _turn = new(1, 1);

    private readonly byte[] _adding = new byte[BlockBytes];
    private int _addingBytes;
    private long _count;
    private long _writtenBytes;
    private volatile bool _isSealed;
    private TaskCompletionSource _more = NewSignal();

    private readonly byte[] _taking = new byte[BlockBytes];
    private int _start;
    private int _end;
    private long _readBytes;

    /// <exception cref="ScanRefusedException">No file can be made there.</exception>
    public KeyList(string directory)
    {
        try
        {
            _file = NamelessFile.Create(directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NoRoom(e);
        }
    }

    /// <summary>Keys added; final once the list is sealed.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <exception cref="ScanRefusedException">The disk is full.</exception>
    public void Add(ReadOnlySpan<byte> key, in MetadumpLine line)
    {
        if (BlockBytes - _addingBytes < HeadBytes + ItemKey.MaxBytes)
        {
            WriteBlock();
        }

        Span<byte> head = _adding.AsSpan(_addingBytes);
        head[0] = (byte)key.Length;
        BinaryPrimitives.WriteInt64LittleEndian(head[1..], line.ExpireAtSeconds);
        BinaryPrimitives.WriteInt64LittleEndian(head[9..], line.SizeBytes);
        key.CopyTo(head[HeadBytes..]);
        _addingBytes += HeadBytes + key.Length;
        _count++;
    }

    /// <summary>All keys were added.</summary>
    public void Seal()
    {
        WriteBlock();
        _isSealed = true;
        Signal();
    }

    /// <summary>Fills a batch with the next keys; waits while there are none and more may come.</summary>
    /// <returns>False: there are no more; the batch is empty.</returns>
    public async ValueTask<bool> TakeAsync(KeyBatch batch, CancellationToken cancellationToken)
    {
        batch.Clear();
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            while (true)
            {
                // Asked before it is looked: what comes in between is not missed.
                Task more = Volatile.Read(ref _more).Task;
                bool isSealed = _isSealed;
                if (TryFill(batch))
                {
                    return true;
                }

                if (isSealed)
                {
                    return false;
                }

                await more.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        _file.Dispose();
        _turn.Dispose();
    }

    private bool TryFill(KeyBatch batch)
    {
        while (TryPeek(out ReadOnlySpan<byte> entry) && batch.TryAdd(
            entry.Slice(HeadBytes, entry[0]), BinaryPrimitives.ReadInt64LittleEndian(entry[1..]), BinaryPrimitives.ReadInt64LittleEndian(entry[9..])))
        {
            _start += HeadBytes + entry[0];
        }

        return !batch.IsEmpty;
    }

    private bool TryPeek(out ReadOnlySpan<byte> entry)
    {
        while (!IsWhole())
        {
            long left = Interlocked.Read(ref _writtenBytes) - _readBytes;
            if (left == 0)
            {
                entry = default;
                return false;
            }

            _taking.AsSpan(_start, _end - _start).CopyTo(_taking);
            (_start, _end) = (0, _end - _start);
            int read = RandomAccess.Read(_file.SafeFileHandle, _taking.AsSpan(_end, (int)Math.Min(left, BlockBytes - _end)), _readBytes);
            _end += read;
            _readBytes += read;
        }

        entry = _taking.AsSpan(_start, _end - _start);
        return true;
    }

    private bool IsWhole() => _end - _start >= HeadBytes && _end - _start >= HeadBytes + _taking[_start];

    private void WriteBlock()
    {
        try
        {
            RandomAccess.Write(_file.SafeFileHandle, _adding.AsSpan(0, _addingBytes), _writtenBytes);
        }
        catch (IOException e)
        {
            throw NoRoom(e);
        }

        Interlocked.Add(ref _writtenBytes, _addingBytes);
        _addingBytes = 0;
        Signal();
    }

    private void Signal() => Interlocked.Exchange(ref _more, NewSignal()).TrySetResult();

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static ScanRefusedException NoRoom(Exception cause) => new(
        $"The list of the cache's keys cannot be kept on the local disk ({cause.GetType().Name}). It needs about 50 bytes a key: make room for temporary files.", cause);
}
