using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Segments;

/// <summary>
/// Decides, while a reader walks, where segments begin. A cut is only ever made at the start of an entry or of the end opcode; that an entry is
/// large is known at its end, so the cut at its start comes late: until then its bytes must not be hashed (<see cref="SettledOffsetBytes"/>).
/// </summary>
internal sealed class SegmentCutter(SegmentIndexerOptions options, RdbHandler? also) : RdbHandler
{
    private readonly Queue<SegmentCut> _cuts = new();
    private readonly List<LargeEntry> _largeEntries = [];
    private readonly List<FunctionLibrary> _functions = [];

    private SegmentKind _kind = SegmentKind.Header;
    private int _number;
    private long _startOffsetBytes;
    private int _startDatabase;
    private long _keys;
    private int _database;

    private RdbEntryStart _entry;
    private int _keyLengthBytes;
    private bool _isInEntry;

    /// <summary>Goes on in a file whose beginning was cut before.</summary>
    public SegmentCutter(SegmentIndexerOptions options, IndexedSoFar soFar)
        : this(options, also: null)
    {
        (_kind, _number, _startOffsetBytes) = (SegmentKind.Entries, soFar.Segments.Count, soFar.SizeBytes);
        (_startDatabase, _database) = (soFar.Database, soFar.Database);
        _largeEntries.AddRange(soFar.LargeEntries);
        _functions.AddRange(soFar.Functions);
    }

    public IReadOnlyList<LargeEntry> LargeEntries => _largeEntries;

    public IReadOnlyList<FunctionLibrary> Functions => _functions;

    /// <summary>The segments that have been cut off and not yet taken.</summary>
    public Queue<SegmentCut> Cuts => _cuts;

    /// <summary>
    /// Up to where it is settled which segment a byte belongs to: the reader's word, except inside of an entry that may yet turn out large.
    /// </summary>
    public long SettledOffsetBytes(long settledOffsetBytes)
    {
        if (!_isInEntry)
        {
            return settledOffsetBytes;
        }

        if (settledOffsetBytes - _entry.OffsetBytes > options.LargeEntryBytes)
        {
            BecomeLarge();
            return settledOffsetBytes;
        }

        return _entry.OffsetBytes;
    }

    /// <summary>The file has ended at <paramref name="endOffsetBytes"/>: what is left is the last segment.</summary>
    public SegmentCut Last(long endOffsetBytes) => Current(endOffsetBytes);

    /// <summary>What was read is left here, between two entries, and gone on with by another.</summary>
    public void Leave(long offsetBytes) => Cut(offsetBytes, SegmentKind.Entries);

    public override void OnHeader(RdbVersion version) => also?.OnHeader(version);

    public override void OnAuxiliary(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => also?.OnAuxiliary(name, value);

    public override void OnFunction(ReadOnlySpan<byte> librarySource, long offsetBytes)
    {
        _functions.Add(new FunctionLibrary(offsetBytes, librarySource.Length));
        also?.OnFunction(librarySource, offsetBytes);
    }

    public override void OnSelectDatabase(int database)
    {
        _database = database;
        also?.OnSelectDatabase(database);
    }

    public override void OnResize(long keys, long expiringKeys) => also?.OnResize(keys, expiringKeys);

    public override void OnSlotInfo(long slot, long keys, long expiringKeys) => also?.OnSlotInfo(slot, keys, expiringKeys);

    public override void OnSlotImport(long offsetBytes) => also?.OnSlotImport(offsetBytes);

    public override void OnModuleAuxiliary(RdbModule module, long offsetBytes) => also?.OnModuleAuxiliary(module, offsetBytes);

    public override void OnEntryStart(in RdbEntryStart entry, ReadOnlySpan<byte> key)
    {
        if (_kind != SegmentKind.Entries || entry.OffsetBytes - _startOffsetBytes >= options.TargetBytes)
        {
            Cut(entry.OffsetBytes, SegmentKind.Entries);
        }

        _keys++;
        _entry = entry;
        _keyLengthBytes = key.Length;
        _isInEntry = true;
        also?.OnEntryStart(entry, key);
    }

    public override void OnValue(ReadOnlySpan<byte> fragment) => also?.OnValue(fragment);

    public override void OnEntryEnd(in RdbEntryEnd end)
    {
        _isInEntry = false;
        if (end.EndOffsetBytes - _entry.OffsetBytes > options.LargeEntryBytes)
        {
            BecomeLarge();
            _largeEntries.Add(new LargeEntry
            {
                Segment = _number,
                OffsetBytes = _entry.OffsetBytes,
                KeyOffsetBytes = _entry.KeyOffsetBytes,
                KeyLengthBytes = _keyLengthBytes,
                ValueOffsetBytes = _entry.ValueOffsetBytes,
                ValueLengthBytes = end.ValueLengthBytes,
                Type = _entry.Type,
                ItemCount = end.ItemCount,
            });
        }

        also?.OnEntryEnd(end);
    }

    public override void OnEnd(long offsetBytes)
    {
        Cut(offsetBytes, SegmentKind.Trailer);
        also?.OnEnd(offsetBytes);
    }

    /// <summary>The entry at hand turns out to be large: what came before it in the segment becomes a segment, unless nothing did.</summary>
    private void BecomeLarge()
    {
        if (_kind == SegmentKind.Large)
        {
            return;
        }

        if (_entry.OffsetBytes > _startOffsetBytes)
        {
            _keys--;
            Cut(_entry.OffsetBytes, SegmentKind.Large);
            _keys = 1;
        }

        _kind = SegmentKind.Large;
    }

    private void Cut(long offsetBytes, SegmentKind next)
    {
        // Nothing stands before the first cut where a file that was left is gone on with.
        if (offsetBytes > _startOffsetBytes)
        {
            _cuts.Enqueue(Current(offsetBytes));
            _number++;
            _startOffsetBytes = offsetBytes;
            _keys = 0;
        }

        _kind = next;
        _startDatabase = _database;
    }

    private SegmentCut Current(long endOffsetBytes) => new(_number, _kind, _startOffsetBytes, endOffsetBytes, _startDatabase, _keys);
}
