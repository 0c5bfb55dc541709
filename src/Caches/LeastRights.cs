using CacheBackup.Core.Model;

namespace CacheBackup.Caches;

/// <summary>
/// The rules of <c>ACL SETUSER</c> that each way to a cache needs at the least, for servers that know access lists (Redis 6.0, every Valkey). A server
/// refuses rules about commands that it does not know: they depend on its version. Tests hold on real servers that these are enough.
/// </summary>
public static class LeastRights
{
    private static readonly CacheVersion Seven = new(7, 0, 0);
    private static readonly CacheVersion SevenTwo = new(7, 2, 0);
    private static readonly CacheVersion SevenFour = new(7, 4, 0);
    private static readonly CacheVersion Nine = new(9, 0, 0);

    /// <summary>Without any one of them something fails; of the commands for large values, where there are such.</summary>
    /// <param name="isCluster">The server runs in cluster mode; all of its nodes need the user, for access lists are not replicated.</param>
    public static IReadOnlyList<string> Of(CacheAccess access, CacheEngine engine, CacheVersion version, bool isCluster)
    {
        bool isSeven = HasSevensCommands(engine, version);
        return
        [
            .. access == CacheAccess.Replication ? Array.Empty<string>() : ["~*"],
            "-@all", "+info", "+time",
            .. isCluster ? ["+cluster|nodes"] : Array.Empty<string>(),
            .. isCluster && engine == CacheEngine.Valkey && version.CompareTo(Nine) >= 0 ? ["+cluster|getslotmigrations"] : Array.Empty<string>(),
            .. RulesFor(access, engine, version, isSeven),
        ];
    }

    /// <summary>
    /// What makes it better: what is missing is told when the cache is registered and not when its backup fails, the server's settings are known, cold
    /// keys stay cold.
    /// </summary>
    public static IReadOnlyList<string> Helpful(CacheAccess access, CacheEngine engine, CacheVersion version)
    {
        bool isSeven = HasSevensCommands(engine, version);
        bool readsKeys = access != CacheAccess.Replication;
        return
        [
            .. isSeven ? ["+command|info", "+acl|whoami", "+acl|dryrun", "+config|get"] : new[] { "+command", "+acl|whoami", "+acl|getuser", "+config|get" },
            .. readsKeys && (engine == CacheEngine.Valkey || version.CompareTo(SevenTwo) >= 0) ? ["+client|no-touch"] : Array.Empty<string>(),
            .. access == CacheAccess.Scan ? ["+module|list", "+ping"] : Array.Empty<string>(),
        ];
    }

    private static bool HasSevensCommands(CacheEngine engine, CacheVersion version) => engine == CacheEngine.Valkey || version.CompareTo(Seven) >= 0;

    private static IEnumerable<string> RulesFor(CacheAccess access, CacheEngine engine, CacheVersion version, bool isSeven) => access switch
    {
        CacheAccess.Replication => ["+replconf", "+psync"],
        CacheAccess.Scan => ["+select", "+scan", "+multi", "+exec", "+dump", "+object|idletime", "+object|freq", .. ToScan(isSeven)],
        CacheAccess.Restore => [.. ToFill(engine, version, isSeven), .. ToCompare(isSeven)],
        CacheAccess.Compare => ["+select", .. ToCompare(isSeven), .. isSeven ? Array.Empty<string>() : ["+multi", "+exec"]],
        _ => throw new ArgumentOutOfRangeException(nameof(access), access, "No way to a cache."),
    };

    private static IEnumerable<string> ToScan(bool isSeven) => isSeven ? ["+pexpiretime", "+function|dump"] : ["+pttl"];

    /// <summary>Values of more than 64 MiB go in by element, under another name until they are whole.</summary>
    private static IEnumerable<string> ToFill(CacheEngine engine, CacheVersion version, bool isSeven) =>
    [
        "+select", "+restore", "+scan", "+unlink", "+client|id", "+multi", "+exec", "+rename", "+pexpireat",
        "+setrange", "+rpush", "+sadd", "+hset", "+zadd", "+xadd", "+xsetid", "+xgroup|create", "+xgroup|createconsumer", "+xclaim",
        .. version.CompareTo(engine == CacheEngine.Valkey ? Nine : SevenFour) >= 0 ? ["+hpexpireat"] : Array.Empty<string>(),
        .. isSeven ? ["+function|load"] : Array.Empty<string>(),
    ];

    private static IEnumerable<string> ToCompare(bool isSeven) =>
        isSeven ? ["+get", "+dump", "+pexpiretime", "+function|list"] : ["+get", "+dump", "+pttl"];
}
