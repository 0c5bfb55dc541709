namespace CacheBackup.Local.Commands;

/// <summary>How two files differ. Its JSON form is for scripts: names are kept.</summary>
internal sealed record FileDiff
{
    public required FileDiffSide First { get; init; }

    public required FileDiffSide Second { get; init; }

    /// <summary>Same keys, values, expiries and functions.</summary>
    public required bool Equal { get; init; }

    public required FileDiffGroup Keys { get; init; }

    public required IReadOnlyList<FileDiffGroup> Databases { get; init; }

    public required string Separator { get; init; }

    public required int Depth { get; init; }

    /// <summary>The prefixes with the most differing keys; those without any are left out.</summary>
    public required IReadOnlyList<FileDiffGroup> Prefixes { get; init; }

    /// <summary>Differing and equal keys of all other prefixes, and of none.</summary>
    public required FileDiffGroup OtherPrefixes { get; init; }

    /// <summary>Function libraries that only one file has, or that have different code.</summary>
    public required int DifferingFunctions { get; init; }

    /// <summary>Differing keys, as many as were asked for of each kind.</summary>
    public required IReadOnlyList<FileDiffKey> Examples { get; init; }
}
