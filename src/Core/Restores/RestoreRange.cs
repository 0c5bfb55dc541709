using CacheBackup.Core.Model;
using CacheBackup.Core.Segments;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Restores;

/// <summary>Neighbouring segments of one stored data file: what one restore or comparison works on.</summary>
public sealed record RestoreRange
{
    /// <param name="dataKey">The data file.</param>
    /// <param name="index">Its segment index, all of it.</param>
    /// <param name="firstSegment">The first segment's number, from 0.</param>
    /// <param name="lastSegment">The last segment's number; it belongs to the range.</param>
    public RestoreRange(ObjectKey dataKey, SegmentIndex index, int firstSegment, int lastSegment)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstSegment);
        ArgumentOutOfRangeException.ThrowIfLessThan(lastSegment, firstSegment);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(lastSegment, index.Segments.Count);
        DataKey = dataKey;
        Index = index;
        FirstSegment = firstSegment;
        LastSegment = lastSegment;
    }

    public ObjectKey DataKey { get; }

    public SegmentIndex Index { get; }

    public int FirstSegment { get; }

    public int LastSegment { get; }

    /// <summary>The part of the range's keys that is wanted; null: all, and the functions.</summary>
    public EntrySelection? Selection { get; init; }

    /// <summary>On the user's explicit word: segments whose bytes differ from their digests are passed over, and their keys counted as lost.</summary>
    public bool SkipDamaged { get; init; }

    /// <summary>On the user's explicit word: entries that the target cannot hold are left out and counted as refused.</summary>
    public bool LeaveOutRefused { get; init; }

    /// <summary>
    /// Of a file of a cluster's shard, what the shard owned: entries of other slots, which a migration that was broken off left there, are left out and
    /// counted, for another file holds the key. Null: all entries are the file's own.
    /// </summary>
    public SlotSet? Slots { get; init; }

    /// <summary>
    /// The caller has just computed the index from this very object: a segment that is read again is held against its CRC-64 alone, which costs a
    /// fifth of its SHA-256 and finds what was changed by accident since.
    /// </summary>
    public bool IsJustIndexed { get; init; }

    public IEnumerable<Segment> Segments => Index.Segments.Skip(FirstSegment).Take(LastSegment - FirstSegment + 1);

    /// <summary>What is left when its first segments are done, of which the last never is one.</summary>
    public RestoreRange From(int segmentsDone) => segmentsDone == 0 ? this : Of(FirstSegment + segmentsDone, LastSegment);

    /// <summary>
    /// The file's header, which holds its function libraries: restored before anything else is, wherever the ranges lie. Restoring it again with
    /// the range that holds it changes nothing.
    /// </summary>
    public RestoreRange Header() => Of(0, 0);

    /// <summary>The whole file as one range.</summary>
    public static RestoreRange Whole(ObjectKey dataKey, SegmentIndex index) => new(dataKey, index, 0, index.Segments.Count - 1);

    private RestoreRange Of(int firstSegment, int lastSegment) => new(DataKey, Index, firstSegment, lastSegment)
    {
        Selection = Selection,
        SkipDamaged = SkipDamaged,
        LeaveOutRefused = LeaveOutRefused,
        Slots = Slots,
    };
}
