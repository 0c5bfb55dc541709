namespace CacheBackup.Core.Catalog;

/// <summary>What a restore did and proved for one range; <c>complete</c> adds them up.</summary>
public sealed record RangeReport
{
    public required int Range { get; init; }

    /// <summary>Entries of the range.</summary>
    public required long Total { get; init; }

    /// <summary>Entries that were read back and are equal: value, type and expiry.</summary>
    public required long Equal { get; init; }

    /// <summary>Entries whose time had come before they were read back.</summary>
    public required long Expired { get; init; }

    public required int FunctionLibraries { get; init; }
}
