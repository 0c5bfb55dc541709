using CacheBackup.Core.Memcached;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Snapshots;
using CacheBackup.Core.Storage;

namespace CacheBackup.Caches.Memcached;

/// <summary>
/// The keys of a list that an earlier slice left in the store, from any place on. Read a block at a time, the next one while the one at hand is
/// taken. Memory: two blocks, however long the list is.
/// </summary>
internal sealed class StoredKeys : IKeyFeed, IAsyncDisposable
{
    /// <summary>Some 70,000 keys: far more than the node answers for while one block comes.</summary>
    public const int UsualBlockBytes = 4 * 1024 * 1024;

    private readonly KeyListStore _store;
    private readonly KeyListPosition _list;
    private readonly int _blockBytes;
    private readonly CancellationTokenSource _leaving;

    // Room before the block for the beginning of an entry that the block before ended with.
    private byte[] _taking;
    private byte[] _coming;
    private Task<int> _read;
    private long _askedBytes;

    private int _start = KeyEntry.MaxBytes;
    private int _end = KeyEntry.MaxBytes;
    private int _checked = KeyEntry.MaxBytes;
    private long _offsetBytes;
    private CrcRedis64 _crc;

    public StoredKeys(KeyListStore store, KeyListPosition list, int blockBytes, CancellationToken cancellationToken)
    {
        (_store, _list, _blockBytes) = (store, list, blockBytes);
        _leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _taking = GC.AllocateUninitializedArray<byte>(KeyEntry.MaxBytes + blockBytes);
        _coming = GC.AllocateUninitializedArray<byte>(KeyEntry.MaxBytes + blockBytes);
        (_offsetBytes, _askedBytes, _crc) = (list.OffsetBytes, list.OffsetBytes, new CrcRedis64(list.ReadCrc64));
        _read = AskAsync();
    }

    /// <summary>Behind the last key that was taken. Not while another takes some.</summary>
    public KeyListPosition Position
    {
        get
        {
            Check();
            return _list with { OffsetBytes = _offsetBytes, ReadCrc64 = _crc.Value };
        }
    }

    /// <exception cref="Core.Restores.BackupDamagedException">The list is gone, or is not what was written.</exception>
    public async ValueTask<bool> TakeAsync(KeyBatch batch, CancellationToken cancellationToken)
    {
        while (true)
        {
            while (KeyEntry.FindLength(_taking.AsSpan(_start, _end - _start)) is { } length)
            {
                ReadOnlySpan<byte> entry = _taking.AsSpan(_start, length);
                if (entry[0] is 0 or > ItemKey.MaxBytes)
                {
                    throw KeyListStore.Damaged(_list);
                }

                if (!KeyEntry.TryAddTo(batch, entry))
                {
                    return true;
                }

                _start += length;
            }

            if (!await RefillAsync(cancellationToken).ConfigureAwait(false))
            {
                RequireWhole();
                return !batch.IsEmpty;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync().ConfigureAwait(false);
        await ((Task)_read).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _leaving.Dispose();
    }

    /// <returns>False: the list has ended.</returns>
    private async ValueTask<bool> RefillAsync(CancellationToken cancellationToken)
    {
        int read = await _read.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (read == 0)
        {
            return false;
        }

        Check();
        ReadOnlySpan<byte> rest = _taking.AsSpan(_start, _end - _start);
        rest.CopyTo(_coming.AsSpan(KeyEntry.MaxBytes - rest.Length));
        (_taking, _coming) = (_coming, _taking);
        (_start, _end) = (KeyEntry.MaxBytes - rest.Length, KeyEntry.MaxBytes + read);
        _checked = _start;
        _read = AskAsync();
        return true;
    }

    /// <summary>Takes what was taken since into the checksum.</summary>
    private void Check()
    {
        _crc.Update(_taking.AsSpan(_checked, _start - _checked));
        _offsetBytes += _start - _checked;
        _checked = _start;
    }

    /// <summary>At the list's end, all slices have read what was written.</summary>
    private void RequireWhole()
    {
        Check();
        if (_offsetBytes != _list.LengthBytes || _crc.Value != _list.Crc64)
        {
            throw KeyListStore.Damaged(_list);
        }
    }

    private async Task<int> AskAsync()
    {
        int bytes = (int)Math.Min(_blockBytes, _list.LengthBytes - _askedBytes);
        if (bytes == 0)
        {
            return 0;
        }

        var range = new ByteRange(_askedBytes, bytes);
        _askedBytes += bytes;
        await _store.ReadAsync(_list, range, _coming.AsMemory(KeyEntry.MaxBytes), _leaving.Token).ConfigureAwait(false);
        return bytes;
    }
}
