namespace CacheBackup.Core.Rdb;

/// <summary>What follows from a type alone.</summary>
public static class RdbTypeExtensions
{
    /// <summary>What a value of this type is to a client.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a type.</exception>
    public static ValueFamily Family(this RdbType type) => type switch
    {
        RdbType.String => ValueFamily.String,
        RdbType.List or RdbType.ListZiplist or RdbType.ListQuicklist or RdbType.ListQuicklist2 => ValueFamily.List,
        RdbType.Set or RdbType.SetIntset or RdbType.SetListpack => ValueFamily.Set,
        RdbType.SortedSet or RdbType.SortedSet2 or RdbType.SortedSetZiplist or RdbType.SortedSetListpack => ValueFamily.SortedSet,
        RdbType.Hash or RdbType.HashZipmap or RdbType.HashZiplist or RdbType.HashListpack or RdbType.HashWithFieldExpiry
            or RdbType.HashListpackExpiryPreRelease or RdbType.HashMetadata or RdbType.HashListpackExpiry => ValueFamily.Hash,
        RdbType.Stream or RdbType.Stream2 or RdbType.Stream3 => ValueFamily.Stream,
        RdbType.ModulePreRelease or RdbType.Module2 => ValueFamily.Module,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not a type"),
    };
}
