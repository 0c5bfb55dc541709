using CacheBackup.Core.Model;
using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Restores;

/// <summary>
/// The part of a comparison that no single range can do: what the target holds and the backup does not. To be run once, after every range
/// was compared.
/// </summary>
public static class CompareTotals
{
    /// <summary>Asks the target for its totals and adds what differs to the report on all ranges.</summary>
    /// <param name="target">The target, which nothing else writes to.</param>
    /// <param name="databases">What the backup holds, of all shards; of a selection its reports know better.</param>
    /// <param name="ranges">The reports of all ranges together.</param>
    public static async Task<CompareReport> RunAsync(
        IRestoreTarget target, IEnumerable<RdbDatabaseSummary> databases, CompareReport ranges, CancellationToken cancellationToken)
    {
        IReadOnlyList<ReadOnlyMemory<byte>> libraries = await target.ListFunctionsAsync(cancellationToken);
        CacheProbe probe = await target.DescribeAsync(cancellationToken);
        return Examine(probe, libraries, databases, ranges);
    }

    /// <summary>
    /// Keys without expiry must be as many as in the backup, in each database. Keys with one must be as many as were there when they were
    /// compared: more are extra ones; fewer are only right if one of them may have expired since.
    /// </summary>
    public static CompareReport Examine(
        CacheProbe target, IReadOnlyList<ReadOnlyMemory<byte>> libraries, IEnumerable<RdbDatabaseSummary> databases, CompareReport ranges)
    {
        var tally = new CompareTally();
        IEnumerable<RdbDatabaseSummary> wanted =
            ranges.Selected?.Select(s => new RdbDatabaseSummary(s.Database, s.Keys, s.KeysWithExpiry, ExpiredKeys: 0)) ?? databases;
        ILookup<int, RdbDatabaseSummary> expected = wanted.ToLookup(database => database.Number);
        bool mayHaveExpired = ranges.NextExpiryMilliseconds <= target.ServerTime.ToUnixTimeMilliseconds();
        foreach (int number in expected.Select(group => group.Key).Union(target.KeysByDatabase.Keys).Order())
        {
            long expiring = expected[number].Sum(database => database.KeysWithExpiry) - ranges.ExpiredSinceByDatabase.GetValueOrDefault(number);
            long lasting = expected[number].Sum(database => database.Keys - database.KeysWithExpiry);
            long foundExpiring = target.ExpiringKeysByDatabase.GetValueOrDefault(number);
            long foundLasting = target.KeysByDatabase.GetValueOrDefault(number) - foundExpiring;
            if (target.Engine == CacheEngine.Memcached)
            {
                // It counts its items, and not which of them expire.
                Weigh(tally, number, foundLasting + foundExpiring - lasting - expiring, mayHaveExpired);
                continue;
            }

            Weigh(tally, number, foundLasting - lasting, mayLack: false);
            Weigh(tally, number, foundExpiring - expiring, mayHaveExpired);
        }

        WeighFunctions(tally, libraries, ranges.FunctionDigests);
        return ranges.Plus(tally.ToReport());
    }

    private static void Weigh(CompareTally tally, int database, long surplus, bool mayLack)
    {
        if (surplus > 0)
        {
            tally.Add(new CompareDifference(CompareDifferenceKind.Extra, surplus, database));
        }
        else if (surplus < 0 && !mayLack)
        {
            tally.Add(new CompareDifference(CompareDifferenceKind.Database, -surplus, database));
        }
    }

    /// <summary>Libraries of the backup that are not on the target were found with the range that holds them.</summary>
    private static void WeighFunctions(CompareTally tally, IReadOnlyList<ReadOnlyMemory<byte>> libraries, IReadOnlyList<string> expected)
    {
        long extra = libraries.Select(EntryComparer.DigestOf).Except(expected).LongCount();
        if (extra > 0)
        {
            tally.Add(new CompareDifference(CompareDifferenceKind.Function, extra));
        }
    }
}
