using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Restores;

/// <summary>
/// Reads one range of a stored data file from its beginning to its end as one GET, taken up again at the offset it had reached where
/// the store breaks off. The object must be the one it was at first: length and tag are checked at every GET.
/// </summary>
internal sealed class RangeDownload(IObjectStore store, ObjectKey key, ByteRange range, long objectLengthBytes, TimeProvider time)
    : IAsyncDisposable
{
    /// <summary>Breaks in a row, with not one byte between them, until the run gives up; the state machine retries the range.</summary>
    private const int MaxBreaksInARow = 5;

    /// <summary>Breaks in all: a store that breaks off after every few bytes is not one that a range can be read from.</summary>
    private const int MaxBreaks = 50;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);

    private ObjectContent? _content;
    private ObjectTag? _tag;
    private long _doneBytes;
    private int _breaksInARow;
    private int _breaks;

    /// <summary>Bytes of the range that were not read yet.</summary>
    public long RemainingBytes => range.LengthBytes - _doneBytes;

    /// <summary>Fills <paramref name="buffer"/> with the next bytes of the range.</summary>
    /// <exception cref="BackupDamagedException">The object is not the one that the index describes.</exception>
    /// <exception cref="StoreUnavailableException">The store broke off too often.</exception>
    public async ValueTask FillAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(buffer.Length, RemainingBytes);
        while (!buffer.IsEmpty)
        {
            try
            {
                _content ??= await OpenAsync(cancellationToken);
                int count = await _content.Stream.ReadAsync(buffer, cancellationToken);
                if (count == 0)
                {
                    throw new StoreUnavailableException($"The store ended '{key}' at byte {range.OffsetBytes + _doneBytes}, before the range's end.");
                }

                buffer = buffer[count..];
                _doneBytes += count;
                _breaksInARow = 0;
            }
            catch (StoreUnavailableException) when (++_breaksInARow <= MaxBreaksInARow && ++_breaks <= MaxBreaks)
            {
                await CloseAsync();
                await Task.Delay(FirstPause * (1 << (_breaksInARow - 1)), time, cancellationToken);
            }
        }
    }

    public async ValueTask DisposeAsync() => await CloseAsync();

    private async Task<ObjectContent> OpenAsync(CancellationToken cancellationToken)
    {
        var rest = new ByteRange(range.OffsetBytes + _doneBytes, RemainingBytes);
        ObjectContent content = await store.GetAsync(key, rest, cancellationToken);
        if (content.ObjectLengthBytes == objectLengthBytes && content.LengthBytes == rest.LengthBytes && (_tag ?? content.Tag) == content.Tag)
        {
            _tag = content.Tag;
            return content;
        }

        await content.DisposeAsync();
        throw new BackupDamagedException(
            $"'{key}' has {content.ObjectLengthBytes} bytes, its index says {objectLengthBytes}, or it was replaced while it was read. " +
            "Verify the backup; restore another one.");
    }

    private async ValueTask CloseAsync()
    {
        if (_content is { } content)
        {
            _content = null;
            await content.DisposeAsync();
        }
    }
}
