using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Inspections;

/// <summary>How two files differ.</summary>
public sealed record DiffReport
{
    public required RdbSummary First { get; init; }

    public required RdbSummary Second { get; init; }

    public required DiffCounts Total { get; init; }

    public required IReadOnlyList<NamedGroup<int, DiffCounts>> Databases { get; init; }

    /// <summary>Each prefix with a counter of its own; empty: keys without a separator.</summary>
    public required IReadOnlyList<NamedGroup<byte[], DiffCounts>> Prefixes { get; init; }

    /// <summary>Keys of all other prefixes.</summary>
    public required DiffCounts OtherPrefixes { get; init; }

    /// <summary>Function libraries that only one file has, or that have different code.</summary>
    public required int DifferingFunctions { get; init; }

    /// <summary>By kind, then by offset; of each kind so many as were asked for.</summary>
    public required IReadOnlyList<DiffExample> Examples { get; init; }

    /// <summary>True where the memory that was given did not suffice and a temporary file was used.</summary>
    public required bool UsedDisk { get; init; }

    /// <summary>Both hold the same keys with the same values and expiries, and the same functions.</summary>
    public bool IsEqual => Total.Differing == 0 && DifferingFunctions == 0;
}
