using CacheBackup.Core.Segments;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Restores;

/// <summary>Neighbouring segments of one stored data file: what one restore or comparison works on.</summary>
/// <param name="DataKey">The data file.</param>
/// <param name="Index">Its segment index, all of it.</param>
/// <param name="FirstSegment">The first segment's number, from 0.</param>
/// <param name="LastSegment">The last segment's number; it belongs to the range.</param>
public sealed record RestoreRange(ObjectKey DataKey, SegmentIndex Index, int FirstSegment, int LastSegment)
{
    /// <summary>The whole file as one range.</summary>
    public static RestoreRange Whole(ObjectKey dataKey, SegmentIndex index) => new(dataKey, index, 0, index.Segments.Count - 1);
}
