using CacheBackup.Core.Rdb;

namespace CacheBackup.Caches.Scan;

/// <summary>A type of value that can be read in pieces.</summary>
/// <param name="Name">As TYPE tells it.</param>
/// <param name="Stored">How it is written: the plainest form, which every version loads and turns into its own.</param>
/// <param name="LengthCommand">What tells its elements, or a string's bytes.</param>
internal sealed record PieceType(string Name, RdbType Stored, string LengthCommand)
{
    public static readonly PieceType String = new("string", RdbType.String, "STRLEN");
    public static readonly PieceType List = new("list", RdbType.List, "LLEN");
    public static readonly PieceType Set = new("set", RdbType.Set, "SCARD");
    public static readonly PieceType SortedSet = new("zset", RdbType.SortedSet2, "ZCARD");
    public static readonly PieceType Hash = new("hash", RdbType.Hash, "HLEN");

    private static readonly PieceType[] All = [String, List, Set, SortedSet, Hash];

    /// <summary>Null: streams and modules' values go whole, and hashes where fields have expiries of their own, which HSCAN does not tell.</summary>
    public static PieceType? Of(string name, bool hasFieldExpiries) =>
        name == Hash.Name && hasFieldExpiries ? null : All.FirstOrDefault(type => type.Name == name);
}
