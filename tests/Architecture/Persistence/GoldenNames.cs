namespace CacheBackup.Architecture.Tests.Persistence;

/// <summary>The names that stand in documents already written, and what has become of them.</summary>
/// <param name="Gone">Names that were persisted and are no longer written or read: never allowed.</param>
/// <param name="Added">Names that are new, and to be kept from now on.</param>
public sealed record GoldenNames(IReadOnlyList<string> Gone, IReadOnlyList<string> Added)
{
    public static GoldenNames Compare(IEnumerable<string> golden, IReadOnlyCollection<string> present)
    {
        var kept = Entries(golden).ToHashSet();
        return new GoldenNames(
            kept.Except(present).Order(StringComparer.Ordinal).ToList(), present.Except(kept).Order(StringComparer.Ordinal).ToList());
    }

    /// <summary>The lines of a golden file that are neither empty nor remarks.</summary>
    public static IEnumerable<string> Entries(IEnumerable<string> lines) => lines.Where(line => line.Length > 0 && !line.StartsWith('#'));
}
