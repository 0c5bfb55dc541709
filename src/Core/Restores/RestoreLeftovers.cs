using CacheBackup.Core.Rdb;
using CacheBackup.Core.Segments;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Restores;

/// <summary>
/// What attempts that were cut off may have left on a target: half-made strings under temporary keys. To be removed when every range was
/// restored and before totals are compared.
/// </summary>
public static class RestoreLeftovers
{
    /// <summary>
    /// Removes what the restores of this data file left, and returns the number of keys. It looks through the target's keys only where the
    /// file holds a string that goes in pieces; most do not.
    /// </summary>
    public static async Task<long> RemoveAsync(IRestoreTarget target, ObjectKey dataKey, SegmentIndex index, CancellationToken cancellationToken)
    {
        LargeEntry[] strings = [.. index.LargeEntries.Where(entry => entry.Type == RdbType.String)];
        if (strings.Length == 0)
        {
            return 0;
        }

        long limit = await target.LongestArgumentBytesAsync(cancellationToken);
        IEnumerable<int> databases = strings
            .Where(entry => EntryWriter.GoesInPieces(entry.Type, entry.ValueLengthBytes, limit))
            .Select(entry => index.Segments[entry.Segment].Database)
            .Distinct();
        long removed = 0;
        foreach (int database in databases)
        {
            removed += await target.RemoveTemporaryAsync(database, TemporaryKeys.Of(dataKey), cancellationToken);
        }

        return removed;
    }
}
