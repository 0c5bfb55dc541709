using CacheBackup.Core.Inspections;

namespace CacheBackup.Local.Commands;

/// <summary>Keys that have something in common, by what has become of them.</summary>
/// <param name="ValueChanged">Other elements; the expiry may differ as well.</param>
/// <param name="ExpiryChanged">Nothing but the expiry.</param>
internal sealed record FileDiffGroup(
    string Name, long Equal, long Added, long Removed, long TypeChanged, long ValueChanged, long ExpiryChanged)
{
    public static FileDiffGroup Of(string name, DiffCounts counts) => new(
        name,
        counts.Equal,
        counts[DiffKind.Added],
        counts[DiffKind.Removed],
        counts[DiffKind.TypeChanged],
        counts[DiffKind.ValueChanged],
        counts[DiffKind.ExpiryChanged]);

    public static FileDiffGroup Sum(string name, IEnumerable<FileDiffGroup> groups) => groups.Aggregate(
        new FileDiffGroup(name, 0, 0, 0, 0, 0, 0),
        (sum, group) => new FileDiffGroup(
            name,
            sum.Equal + group.Equal,
            sum.Added + group.Added,
            sum.Removed + group.Removed,
            sum.TypeChanged + group.TypeChanged,
            sum.ValueChanged + group.ValueChanged,
            sum.ExpiryChanged + group.ExpiryChanged));
}
