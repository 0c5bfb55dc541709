using CacheBackup.Core.Rdb;
using CacheBackup.Core.Segments;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Restores;

/// <summary>
/// What attempts that were cut off may have left on a target: half-made values under temporary keys. To be removed when every range was
/// restored and before totals are compared.
/// </summary>
public static class RestoreLeftovers
{
    /// <summary>
    /// Removes what the restores of this data file left, and returns the number of keys. It looks through the target's keys only where the
    /// file holds a value that goes in pieces; most do not.
    /// </summary>
    /// <param name="types">The value types in the file.</param>
    public static async Task<long> RemoveAsync(
        IRestoreTarget target, ObjectKey dataKey, SegmentIndex index, IEnumerable<RdbType> types, CancellationToken cancellationToken)
    {
        TargetFormats formats = await target.FormatsAsync(cancellationToken);
        bool isAnyAnew = types.Any(type => formats.WayOf(index.RdbVersion.Magic, type) is ValueWay.Older or ValueWay.Elements);
        if (!isAnyAnew && index.LargeEntries.Count == 0)
        {
            return 0;
        }

        long limit = await target.LongestArgumentBytesAsync(cancellationToken);
        IEnumerable<Segment> segments = isAnyAnew
            ? index.Segments.Where(segment => segment.Keys > 0)
            : index.LargeEntries
                .Where(entry => EntryWriter.GoesInPieces(entry.Type, entry.ValueLengthBytes, limit))
                .Select(entry => index.Segments[entry.Segment]);
        long removed = 0;
        foreach (int database in segments.Select(segment => segment.Database).Distinct())
        {
            removed += await target.RemoveTemporaryAsync(database, TemporaryKeys.Of(dataKey), cancellationToken);
        }

        return removed;
    }
}
