using System.Globalization;

namespace CacheBackup.Core.Restores;

/// <summary>
/// What a comparison of a target with one range of a backup found. <c>Compared = Equal + ExpiredSince + </c> keys that differ.
/// </summary>
public sealed record CompareReport
{
    /// <summary>Differences that are listed; more are only counted.</summary>
    public const int MaxListed = 100;

    /// <summary>Entries of the backup that were looked for.</summary>
    public required long Compared { get; init; }

    /// <summary>Of those, keys with the same value and the same absolute expiry.</summary>
    public required long Equal { get; init; }

    /// <summary>Of those, keys that are absent and whose expiry had passed by the target's clock, by database.</summary>
    public required IReadOnlyDictionary<int, long> ExpiredSinceByDatabase { get; init; }

    /// <summary>The earliest expiry of a key that was present, in Unix milliseconds: until then no key goes of itself. Null: none expires.</summary>
    public long? NextExpiryMilliseconds { get; init; }

    /// <summary>SHA-256 of the source of each function library in the range, in hexadecimal.</summary>
    public required IReadOnlyList<string> FunctionDigests { get; init; }

    /// <summary>The first differences, at most <see cref="MaxListed"/>.</summary>
    public required IReadOnlyList<CompareDifference> Differences { get; init; }

    /// <summary>All differences, also those that are not listed.</summary>
    public required long DifferenceCount { get; init; }

    /// <summary>RDB bytes of the backup that were read.</summary>
    public required long Bytes { get; init; }

    /// <summary>Keys that were not looked for because the selection does not take them.</summary>
    public long LeftOut { get; init; }

    /// <summary>Keys that were not looked for because the target cannot hold their values, which were left out on the user's word.</summary>
    public long Refused { get; init; }

    /// <summary>Keys in damaged parts of the backup, which were passed over on the user's word.</summary>
    public long Lost { get; init; }

    /// <summary>What was looked for in each database; null: everything that the backup holds.</summary>
    public IReadOnlyList<SelectedKeys>? Selected { get; init; }

    /// <summary>A report on nothing: where adding up begins.</summary>
    public static CompareReport Empty { get; } = new()
    {
        Compared = 0,
        Equal = 0,
        ExpiredSinceByDatabase = new Dictionary<int, long>(),
        NextExpiryMilliseconds = null,
        FunctionDigests = [],
        Differences = [],
        DifferenceCount = 0,
        Bytes = 0,
    };

    public long ExpiredSince => ExpiredSinceByDatabase.Values.Sum();

    /// <summary>Both reports together.</summary>
    public CompareReport Plus(CompareReport other)
    {
        var expired = new Dictionary<int, long>(ExpiredSinceByDatabase);
        foreach ((int database, long count) in other.ExpiredSinceByDatabase)
        {
            expired[database] = expired.GetValueOrDefault(database) + count;
        }

        return new CompareReport
        {
            Compared = Compared + other.Compared,
            Equal = Equal + other.Equal,
            ExpiredSinceByDatabase = expired,
            NextExpiryMilliseconds = NextExpiryMilliseconds is { } mine && other.NextExpiryMilliseconds is { } others
                ? Math.Min(mine, others)
                : NextExpiryMilliseconds ?? other.NextExpiryMilliseconds,
            FunctionDigests = [.. FunctionDigests.Union(other.FunctionDigests)],
            Differences = [.. Differences.Concat(other.Differences).Take(MaxListed)],
            DifferenceCount = DifferenceCount + other.DifferenceCount,
            Bytes = Bytes + other.Bytes,
            LeftOut = LeftOut + other.LeftOut,
            Refused = Refused + other.Refused,
            Lost = Lost + other.Lost,
            Selected = Selected is null && other.Selected is null ? null : Sum([.. Selected ?? [], .. other.Selected ?? []]),
        };
    }

    /// <exception cref="RestoreMismatchException">There is a difference; the message names the first ones by place.</exception>
    public void ThrowIfDifferent()
    {
        if (DifferenceCount == 0)
        {
            return;
        }

        string first = string.Join("; ", Differences.Take(5).Select(Describe));
        throw new RestoreMismatchException(
            $"{DifferenceCount} difference(s) between the target and the backup, {Compared} keys compared: {first}. " +
            "The target is not a copy of the backup: restore into a new cache that nothing else writes to.");
    }

    private static SelectedKeys[] Sum(IEnumerable<SelectedKeys> selected) =>
    [
        .. selected.GroupBy(keys => keys.Database)
            .OrderBy(group => group.Key)
            .Select(group => new SelectedKeys(group.Key, group.Sum(keys => keys.Keys), group.Sum(keys => keys.KeysWithExpiry))),
    ];

    private static string Describe(CompareDifference difference)
    {
        string what = difference.Kind switch
        {
            CompareDifferenceKind.Missing => "missing key",
            CompareDifferenceKind.Extra => "extra key",
            CompareDifferenceKind.Value => "other value",
            CompareDifferenceKind.Expiry => "other expiry",
            CompareDifferenceKind.Function => "other function library",
            _ => "other number of keys",
        };
        string count = difference.Count == 1 ? string.Empty : string.Create(CultureInfo.InvariantCulture, $" ×{difference.Count}");
        string database = difference.Database is { } number ? string.Create(CultureInfo.InvariantCulture, $" in database {number}") : string.Empty;
        string place = difference.OffsetBytes is { } offset ? string.Create(CultureInfo.InvariantCulture, $" at byte {offset} of the data file") : string.Empty;
        return what + count + database + place;
    }
}
