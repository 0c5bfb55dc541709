using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Restores;

/// <summary>
/// Gathers what one chunk holds, so that it can be handed out in order before the next is read. Values are slices of the window, which is
/// the stretch of the file that is in memory: a whole segment, or one chunk of a large entry, whose value then comes as fragments.
/// </summary>
internal sealed class SegmentEntries(RdbVersion version) : RdbHandler
{
    private readonly List<Found> _found = [];
    private ReadOnlyMemory<byte> _window;
    private long _windowOffset;
    private long? _largeValueBytes;
    private RestoreEntry _entry;
    private long _valueOffset;
    private long _valueSeen;

    private enum FoundKind
    {
        Function,
        Entry,
        LargeStart,
        LargeFragment,
        LargeEnd,
    }

    /// <summary>Entries of the segment that have ended.</summary>
    public long Keys { get; private set; }

    /// <summary>Begins a segment.</summary>
    /// <param name="largeValueBytes">The length of the one value, where it is to come as fragments; null: values come whole.</param>
    public void Begin(long? largeValueBytes)
    {
        _largeValueBytes = largeValueBytes;
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
        _valueOffset = entry.ValueOffsetBytes;
        _valueSeen = 0;
        _entry = new RestoreEntry
        {
            Database = entry.Database,
            Key = KeyOf(key),
            Version = version,
            Type = entry.Type,
            ExpireAtMilliseconds = entry.ExpireAtMilliseconds,
            IdleSeconds = entry.IdleSeconds,
            Frequency = entry.Frequency,
            Flags = entry.Flags,
            OffsetBytes = entry.OffsetBytes,
        };
        if (_largeValueBytes is { } length)
        {
            _found.Add(new Found(FoundKind.LargeStart, _entry, default, length));
        }
    }

    public override void OnValue(ReadOnlySpan<byte> fragment)
    {
        if (_largeValueBytes is not null)
        {
            _found.Add(new Found(FoundKind.LargeFragment, default, Slice(_valueOffset + _valueSeen, fragment.Length), 0));
        }

        _valueSeen += fragment.Length;
    }

    public override void OnEntryEnd(in RdbEntryEnd end)
    {
        Keys++;
        _found.Add(_largeValueBytes is null
            ? new Found(FoundKind.Entry, _entry with { Value = Slice(_valueOffset, (int)end.ValueLengthBytes) }, default, 0)
            : new Found(FoundKind.LargeEnd, default, default, _valueSeen));
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

    /// <summary>A key that stands in the window as it is needs no copy, unless the window moves on before its entry has ended.</summary>
    private ReadOnlyMemory<byte> KeyOf(ReadOnlySpan<byte> key) =>
        _largeValueBytes is null && _window.Span.Overlaps(key, out int offset) ? _window.Slice(offset, key.Length) : key.ToArray();

    private ReadOnlyMemory<byte> Slice(long offset, int length) => _window.Slice((int)(offset - _windowOffset), length);

    private readonly record struct Found(FoundKind Kind, RestoreEntry Entry, ReadOnlyMemory<byte> Bytes, long Number);
}
