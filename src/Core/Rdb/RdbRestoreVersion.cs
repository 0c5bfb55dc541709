namespace CacheBackup.Core.Rdb;

/// <summary>
/// The version that a DUMP payload's footer needs to state. A server takes any version up to its own and judges the value by its type alone, so
/// a value whose type an older server knows can go there with an older number.
/// </summary>
public static class RdbRestoreVersion
{
    /// <summary>The version of the first servers that knew DUMP and RESTORE.</summary>
    public const int Oldest = 6;

    /// <summary>The lowest version of the format that defines the type under the magic.</summary>
    /// <exception cref="ArgumentOutOfRangeException">That family does not define the type.</exception>
    public static int LowestFor(RdbType type, RdbMagic magic) => type switch
    {
        RdbType.HashWithFieldExpiry when magic == RdbMagic.Valkey => RdbVersion.OldestValkey,
        _ when ValueShape.Of(type, magic) is null =>
            throw new ArgumentOutOfRangeException(nameof(type), type, $"{magic} does not define this type"),
        RdbType.ListQuicklist => 7,
        RdbType.SortedSet2 or RdbType.Module2 => 8,
        RdbType.Stream => 9,
        RdbType.HashListpack or RdbType.SortedSetListpack or RdbType.ListQuicklist2 or RdbType.Stream2 => 10,
        RdbType.SetListpack or RdbType.Stream3 => 11,
        RdbType.HashWithFieldExpiry or RdbType.HashListpackExpiryPreRelease or RdbType.HashMetadata or RdbType.HashListpackExpiry => 12,
        _ => Oldest,
    };
}
