using System.Collections.Concurrent;
using CacheBackup.Core.Memcached;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Caches.Memcached;

/// <summary>
/// The keys that the crawler names, on local disk: the crawler must not wait for the items to be read and stored, nor for the store to take the
/// list, and a list of all keys does not fit into flat memory. One task adds keys, another takes them, as keys or as the bytes of the list
/// (<see cref="KeyEntry"/>). The files have no names, so that they go with the process; one whose keys are taken is given up, so the disk holds
/// what is not yet taken and one file more. A key takes its length and 17 bytes. Memory: two blocks.
/// </summary>
internal sealed class KeyList : IKeyFeed, IDisposable
{
    /// <summary>What one file holds.</summary>
    public const int UsualFileBytes = 64 * 1024 * 1024;

    private const int BlockBytes = 128 * 1024;

    private readonly string _directory;
    private readonly int _fileBytes;
    private readonly int _mostFiles;

    private readonly byte[] _adding = new byte[BlockBytes];
    private int _addingBytes;
    private long _count;
    private KeyFile _last;
    private bool _isFileNew;
    private volatile bool _isSealed;
    private TaskCompletionSource _more = NewSignal();
    private TaskCompletionSource _room = NewSignal();

    private readonly ConcurrentQueue<KeyFile> _files = new();
    private readonly byte[] _taking = new byte[BlockBytes];
    private int _start;
    private int _end;

    /// <param name="mostBytes">With so much on the disk there is no more room: two files at least.</param>
    /// <param name="fileBytes">What one file holds, more or less.</param>
    /// <exception cref="ScanRefusedException">No file can be made there.</exception>
    public KeyList(string directory, long mostBytes = long.MaxValue, int fileBytes = UsualFileBytes)
    {
        (_directory, _fileBytes) = (directory, fileBytes);
        _mostFiles = (int)Math.Clamp(mostBytes / fileBytes, 2, int.MaxValue);
        _last = NewFile();
    }

    /// <summary>Keys added; final once the list is sealed.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>Files that are on the disk now.</summary>
    public int Files => _files.Count;

    /// <exception cref="ScanRefusedException">The disk is full.</exception>
    public void Add(ReadOnlySpan<byte> key, in MetadumpLine line)
    {
        if (BlockBytes - _addingBytes < KeyEntry.MaxBytes)
        {
            WriteBlock();
        }

        _addingBytes += KeyEntry.Write(key, line, _adding.AsSpan(_addingBytes));
        _count++;
    }

    /// <summary>Waits while there is no room, until keys are taken. To be called by who adds keys, now and then.</summary>
    public ValueTask WaitForRoomAsync(CancellationToken cancellationToken) => _isFileNew ? WaitAsync(cancellationToken) : ValueTask.CompletedTask;

    /// <summary>All keys were added.</summary>
    public void Seal()
    {
        WriteBlock();
        _isSealed = true;
        Signal(ref _more);
    }

    public async ValueTask<bool> TakeAsync(KeyBatch batch, CancellationToken cancellationToken)
    {
        while (await HasEntryAsync(cancellationToken).ConfigureAwait(false))
        {
            if (!TryFill(batch))
            {
                return true;
            }
        }

        return !batch.IsEmpty;
    }

    /// <summary>Takes the next part of the list as it is, whole entries, valid until the next call; waits as <see cref="TakeAsync"/> does.</summary>
    /// <returns>None: there is no more.</returns>
    public async ValueTask<ReadOnlyMemory<byte>> TakeBytesAsync(CancellationToken cancellationToken)
    {
        if (!await HasEntryAsync(cancellationToken).ConfigureAwait(false))
        {
            return default;
        }

        int from = _start;
        while (KeyEntry.FindLength(_taking.AsSpan(_start, _end - _start)) is { } length)
        {
            _start += length;
        }

        return _taking.AsMemory(from, _start - from);
    }

    public void Dispose()
    {
        while (_files.TryDequeue(out KeyFile? file))
        {
            file.Dispose();
        }
    }

    private async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            // Asked before it is looked, as by who takes keys.
            Task room = Volatile.Read(ref _room).Task;
            if (_files.Count <= _mostFiles)
            {
                _isFileNew = false;
                return;
            }

            await room.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Waits until an entry stands in the buffer.</summary>
    /// <returns>False: there are no more.</returns>
    private async ValueTask<bool> HasEntryAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            // Asked before it is looked: what comes in between is not missed.
            Task more = Volatile.Read(ref _more).Task;
            bool isSealed = _isSealed;
            if (HasEntry())
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

    /// <returns>False: the batch is full; true: there is nothing more in the buffer.</returns>
    private bool TryFill(KeyBatch batch)
    {
        while (KeyEntry.FindLength(_taking.AsSpan(_start, _end - _start)) is { } length)
        {
            if (!KeyEntry.TryAddTo(batch, _taking.AsSpan(_start, length)))
            {
                return false;
            }

            _start += length;
        }

        return true;
    }

    private bool HasEntry()
    {
        while (KeyEntry.FindLength(_taking.AsSpan(_start, _end - _start)) is null)
        {
            _taking.AsSpan(_start, _end - _start).CopyTo(_taking);
            (_start, _end) = (0, _end - _start);
            int read = Read(_taking.AsSpan(_end));
            if (read == 0)
            {
                return false;
            }

            _end += read;
        }

        return true;
    }

    /// <returns>0: nothing is there that was not read.</returns>
    private int Read(Span<byte> destination)
    {
        while (_files.TryPeek(out KeyFile? file))
        {
            // Asked first: what is written after it is in the next file.
            bool isFull = file.IsFull;
            int read = file.Read(destination);
            if (read > 0 || !isFull)
            {
                return read;
            }

            _files.TryDequeue(out _);
            file.Dispose();
            Signal(ref _room);
        }

        return 0;
    }

    private void WriteBlock()
    {
        try
        {
            if (_last.WrittenBytes >= _fileBytes)
            {
                KeyFile full = _last;
                _last = NewFile();
                _isFileNew = true;
                full.IsFull = true;
            }

            _last.Write(_adding.AsSpan(0, _addingBytes));
        }
        catch (IOException e)
        {
            throw NoRoom(e);
        }

        _addingBytes = 0;
        Signal(ref _more);
    }

    private KeyFile NewFile()
    {
        try
        {
            KeyFile file = KeyFile.Create(_directory);
            _files.Enqueue(file);
            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NoRoom(e);
        }
    }

    private static void Signal(ref TaskCompletionSource signal) => Interlocked.Exchange(ref signal, NewSignal()).TrySetResult();

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static ScanRefusedException NoRoom(Exception cause) => new(
        $"The list of the cache's keys cannot be kept on the local disk ({cause.GetType().Name}). It needs about 60 bytes a key: make room for temporary files.", cause);
}
