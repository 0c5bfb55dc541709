using System.Buffers;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Segments;

namespace CacheBackup.Core.Restores;

/// <summary>
/// Gathers what one chunk of a segment holds, so that it can be handed out in order between two chunks. Values are slices of the window,
/// the stretch of the file that is in memory; those that lie across two windows are gathered up to <see cref="GatheredBytes"/>, and larger
/// ones (which the index lists) come as fragments.
/// </summary>
internal sealed class SegmentEntries(IReadOnlyDictionary<long, LargeEntry> largeEntries) : RdbHandler
{
    /// <summary>The longest value that is put together in memory: those above 1 MiB are in the index.</summary>
    private const int GatheredBytes = 2 * 1024 * 1024;

    private readonly List<Found> _found = [];
    private readonly ArrayBufferWriter<byte> _gathered = new();
    private ReadOnlyMemory<byte> _window;
    private long _windowOffset;
    private bool _windowIsWhole;
    private RdbVersion _version;
    private RestoreEntry _entry;
    private long _valueOffset;
    private long _valueSeen;
    private bool _isLarge;

    private enum FoundKind
    {
        Function,
        Entry,
        LargeStart,
        LargeFragment,
        LargeEnd,
    }

    /// <summary>Entries that have ended.</summary>
    public long Keys { get; private set; }

    /// <summary>Begins a segment of a file of this version.</summary>
    /// <param name="window">The segment's bytes, or for one that streams its first chunk.</param>
    /// <param name="windowOffset">Where in the file they begin.</param>
    /// <param name="isWhole">The window is the whole segment: no value reaches beyond it.</param>
    /// <param name="version">What the file's header says.</param>
    public void Begin(RdbVersion version, bool isWhole)
    {
        _version = version;
        _windowIsWhole = isWhole;
        Keys = 0;
    }

    public void SetWindow(ReadOnlyMemory<byte> window, long windowOffset)
    {
        _window = window;
        _windowOffset = windowOffset;
    }

    public override void OnFunction(ReadOnlySpan<byte> librarySource, long offsetBytes) =>
        _found.Add(new Found(FoundKind.Function, default, librarySource.ToArray(), offsetBytes));

    public override void OnEntryStart(in RdbEntryStart entry, ReadOnlySpan<byte> key)
    {
        _entry = new RestoreEntry
        {
            Database = entry.Database,
            Key = key.ToArray(),
            Version = _version,
            Type = entry.Type,
            ExpireAtMilliseconds = entry.ExpireAtMilliseconds,
            IdleSeconds = entry.IdleSeconds,
            Frequency = entry.Frequency,
            OffsetBytes = entry.OffsetBytes,
        };
        _valueOffset = entry.ValueOffsetBytes;
        _valueSeen = 0;
        _gathered.ResetWrittenCount();
        _isLarge = !_windowIsWhole && largeEntries.ContainsKey(entry.OffsetBytes);
        if (_isLarge)
        {
            _found.Add(new Found(FoundKind.LargeStart, _entry, default, largeEntries[entry.OffsetBytes].ValueLengthBytes));
        }
    }

    public override void OnValue(ReadOnlySpan<byte> fragment)
    {
        long offset = _valueOffset + _valueSeen;
        _valueSeen += fragment.Length;
        if (_isLarge)
        {
            _found.Add(new Found(FoundKind.LargeFragment, default, Slice(offset, fragment.Length), 0));
        }
        else if (!_windowIsWhole)
        {
            if (_valueSeen > GatheredBytes)
            {
                throw new BackupDamagedException(
                    $"The entry at byte {_entry.OffsetBytes} is larger than {GatheredBytes} bytes, and the segment index does not list it.");
            }

            _gathered.Write(fragment);
        }
    }

    public override void OnEntryEnd(in RdbEntryEnd end)
    {
        Keys++;
        if (_isLarge)
        {
            _found.Add(new Found(FoundKind.LargeEnd, default, default, 0));
            return;
        }

        ReadOnlyMemory<byte> value = _windowIsWhole ? Slice(_valueOffset, (int)_valueSeen) : _gathered.WrittenSpan.ToArray();
        _found.Add(new Found(FoundKind.Entry, _entry with { Value = value }, default, 0));
    }

    /// <summary>Hands out what was gathered since the last time.</summary>
    public async ValueTask HandOutAsync(IRangeConsumer consumer, CancellationToken cancellationToken)
    {
        foreach (Found found in _found)
        {
            switch (found.Kind)
            {
                case FoundKind.Entry:
                    await consumer.OnEntryAsync(found.Entry, cancellationToken);
                    break;
                case FoundKind.LargeStart:
                    await consumer.OnLargeStartAsync(found.Entry, found.Number, cancellationToken);
                    break;
                case FoundKind.LargeFragment:
                    await consumer.OnLargeFragmentAsync(found.Bytes, cancellationToken);
                    break;
                case FoundKind.LargeEnd:
                    await consumer.OnLargeEndAsync(cancellationToken);
                    break;
                default:
                    await consumer.OnFunctionAsync(found.Bytes, found.Number, cancellationToken);
                    break;
            }
        }

        _found.Clear();
    }

    private ReadOnlyMemory<byte> Slice(long offset, int length) => _window.Slice((int)(offset - _windowOffset), length);

    private readonly record struct Found(FoundKind Kind, RestoreEntry Entry, ReadOnlyMemory<byte> Bytes, long Number);
}
