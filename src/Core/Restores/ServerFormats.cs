using CacheBackup.Core.Model;
using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Restores;

/// <summary>
/// What servers read. Sources: <c>RDB_VERSION</c> in <c>src/rdb.h</c> at each release of Redis and Valkey. Redis reads every version up to
/// its own; Valkey takes 12–79 under Redis's magic for foreign and refuses them.
/// </summary>
public static class ServerFormats
{
    /// <summary>The last version that the two engines have in common.</summary>
    private const int NewestShared = 11;

    /// <summary>The newest RDB version that the server writes and reads.</summary>
    public static RdbVersion Newest(CacheEngine engine, CacheVersion version) => engine switch
    {
        CacheEngine.Valkey when version.IsAtLeast(9, 0) => new RdbVersion(RdbMagic.Valkey, 80),
        CacheEngine.Valkey => new RdbVersion(RdbMagic.Redis, NewestShared),
        CacheEngine.Redis => new RdbVersion(RdbMagic.Redis, NewestOfRedis(version)),
        _ => throw new ArgumentOutOfRangeException(nameof(engine), engine, "The engine has no RDB files."),
    };

    /// <summary>True if the server loads such a file from its disk.</summary>
    public static bool Loads(CacheEngine engine, CacheVersion version, RdbVersion file)
    {
        RdbVersion newest = Newest(engine, version);
        return file.Magic == newest.Magic
            ? file.Number <= newest.Number
            : newest.Magic == RdbMagic.Valkey && file.Number <= NewestShared;
    }

    /// <summary>
    /// True if the server takes a value of this type by RESTORE; <paramref name="magic"/> is that of the file which holds it and says what
    /// the type's number means.
    /// </summary>
    public static bool Knows(CacheEngine engine, CacheVersion version, RdbMagic magic, RdbType type)
    {
        if (ValueShape.Of(type, magic) is null)
        {
            return false;
        }

        int needed = RdbRestoreVersion.LowestFor(type, magic);
        return Loads(engine, version, new RdbVersion(needed >= RdbVersion.OldestValkey ? RdbMagic.Valkey : RdbMagic.Redis, needed));
    }

    private static int NewestOfRedis(CacheVersion version) => (version.Major, version.Minor) switch
    {
        ( >= 8, _) or (7, >= 4) => 12,
        (7, >= 2) => 11,
        (7, _) => 10,
        (5 or 6, _) => 9,
        (4, _) => 8,
        (3, >= 2) => 7,
        _ => 6,
    };
}
