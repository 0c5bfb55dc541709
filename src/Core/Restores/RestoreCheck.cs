using System.Globalization;
using CacheBackup.Core.Model;
using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Restores;

/// <summary>
/// Whether a backup can go into a target, decided before the first byte is written. Pure: it looks at what was recorded and probed. Each
/// refusal names both sides and what to do.
/// </summary>
public static class RestoreCheck
{
    /// <summary>
    /// What Memcached keeps beside key and value at the least: 48 bytes of header, a zero after the key and a line end after the value.
    /// </summary>
    private const int SmallestItemHeaderBytes = 51;

    /// <summary>Requires that a server of this engine and version loads the data file from its disk when it starts.</summary>
    /// <exception cref="BackupNotRestorableException">It would not.</exception>
    public static void RequireLoadable(RestoreSubject backup, CacheEngine engine, CacheVersion version, EngineChange engineChange)
    {
        RequireFamily(backup, engine, version, engineChange);
        if (engine == CacheEngine.Memcached)
        {
            throw new BackupNotRestorableException("Memcached loads no file at its start. Restore with fill \"restore\".");
        }

        if (!ServerFormats.Loads(engine, version, backup.RdbVersion))
        {
            RdbVersion newest = ServerFormats.Newest(engine, version);
            throw new BackupNotRestorableException(
                $"The backup is RDB version {backup.RdbVersion}; {Name(engine)} {version} loads {newest} at most. Choose a newer engine version.");
        }
    }

    /// <summary>Requires that the target can take the backup's keys one by one: engine, role, types, databases, memory.</summary>
    /// <param name="leaveOutRefused">What the target cannot hold, values and function libraries, is to be left out and counted.</param>
    /// <exception cref="BackupNotRestorableException">It cannot.</exception>
    public static void RequireRestorable(RestoreSubject backup, CacheProbe target, EngineChange engineChange, bool leaveOutRefused = false)
    {
        RequireFamily(backup, target.Engine, target.Version, engineChange);
        if (target.IsReplica)
        {
            throw new BackupNotRestorableException("The target is a replica: it takes writes from its primary alone. Name the primary.");
        }

        RequireItemSize(backup, target);
        if (target.Cluster is { Moving: { IsEmpty: false } moving })
        {
            throw new BackupNotRestorableException(
                $"Slot(s) {moving} of the target are on their way from one node to another. Finish the migration, or end it with CLUSTER SETSLOT … STABLE; then restore.");
        }

        if (!leaveOutRefused)
        {
            RequireTypes(backup, target);
            RequireFunctions(backup, target);
        }

        RequireDatabases(backup, target);
        if (target.MaxMemoryBytes > 0 && backup.MemoryEstimateBytes > target.MaxMemoryBytes)
        {
            throw new BackupNotRestorableException(
                $"The data needs about {backup.MemoryEstimateBytes:N0} bytes of memory; the target's maxmemory is {target.MaxMemoryBytes:N0}. " +
                "Choose a larger target.");
        }
    }

    /// <summary>Requires that nothing is on the target. Only for the execution that has not claimed it yet.</summary>
    /// <exception cref="TargetNotEmptyException">Keys or functions are there.</exception>
    public static void RequireEmpty(CacheProbe target)
    {
        long keys = target.KeysByDatabase.Values.Sum();
        int functions = target.FunctionLibraries ?? 0;
        if (keys > 0 || functions > 0)
        {
            throw new TargetNotEmptyException(
                $"The target holds {keys:N0} key(s) in {target.KeysByDatabase.Count(d => d.Value > 0)} database(s) and {functions} function " +
                "library(ies). A restore only writes into an empty cache: choose another one, or empty this one yourself.");
        }
    }

    private static void RequireFamily(RestoreSubject backup, CacheEngine engine, CacheVersion version, EngineChange change)
    {
        bool allowed = engine == backup.Engine || (backup.Engine, engine) switch
        {
            (CacheEngine.Redis, CacheEngine.Valkey) => change is EngineChange.RedisToValkey or EngineChange.Any,
            (CacheEngine.Valkey, CacheEngine.Redis) => change is EngineChange.Any,
            _ => false,
        };
        if (!allowed)
        {
            string source = backup.Version is { } known ? $"{Name(backup.Engine)} {known}" : Name(backup.Engine);
            string hint = (backup.Engine, engine) == (CacheEngine.Redis, CacheEngine.Valkey) ? " Allow the engine change to do it all the same." : string.Empty;
            throw new BackupNotRestorableException(
                $"The backup was taken from {source} and the target is {Name(engine)} {version}: a backup goes back into its own engine.{hint}");
        }
    }

    /// <summary>The server's own word on an item that is a few bytes below its limit comes when it is written.</summary>
    private static void RequireItemSize(RestoreSubject backup, CacheProbe target)
    {
        if (backup.LargestItemBytes is { } largest && target.MaxItemBytes is { } limit && largest + SmallestItemHeaderBytes > limit)
        {
            throw new BackupNotRestorableException(
                $"The backup's largest item has {largest:N0} bytes of key and value, and the target takes items of {limit:N0} bytes with their headers. "
                + "Start it with a larger -I.");
        }
    }

    private static void RequireTypes(RestoreSubject backup, CacheProbe target)
    {
        TargetFormats formats = TargetFormats.Of(target);
        string[] lacking =
        [
            .. backup.Types
                .Where(type => type.Value > 0 && formats.WayOf(backup.RdbVersion.Magic, type.Key) == ValueWay.None)
                .OrderBy(type => type.Key)
                .Select(type => string.Create(CultureInfo.InvariantCulture, $"{type.Value:N0} key(s) of type {type.Key} ({(int)type.Key}), {Meaning(type.Key)}")),
        ];
        if (lacking.Length > 0)
        {
            throw new BackupNotRestorableException(
                $"{Name(target.Engine)} {target.Version} cannot hold values of the backup ({backup.RdbVersion}): {string.Join("; ", lacking)}. " +
                "Choose a newer engine version, or let such keys be left out.");
        }
    }

    private static string Meaning(RdbType type) => type.Family() switch
    {
        ValueFamily.Hash => "hashes whose fields may expire",
        ValueFamily.Module => "values of a module, and none is loaded there",
        ValueFamily.Stream => "streams",
        _ => "which it does not know",
    };

    private static void RequireFunctions(RestoreSubject backup, CacheProbe target)
    {
        if (backup.Functions > 0 && !target.Version.IsAtLeast(7, 0))
        {
            throw new BackupNotRestorableException(
                $"The backup holds {backup.Functions} function library(ies), and {Name(target.Engine)} {target.Version} has no functions. " +
                "Choose version 7.0 or later, or let them be left out.");
        }
    }

    private static void RequireDatabases(RestoreSubject backup, CacheProbe target)
    {
        int count = target.ClusterDatabases ?? 1;
        int[] others = [.. backup.Databases.Where(number => number >= count)];
        if (target.ClusterEnabled && others.Length > 0)
        {
            string has = count == 1 ? "database 0 alone" : $"databases 0 to {count - 1} (cluster-databases)";
            throw new BackupNotRestorableException(
                $"The backup holds keys in database(s) {string.Join(", ", others)}; a target in cluster mode has {has}. " +
                "Choose a target without cluster mode.");
        }
    }

    internal static string Name(CacheEngine engine) => engine switch
    {
        CacheEngine.Redis => "Redis OSS",
        CacheEngine.Valkey => "Valkey",
        _ => engine.ToString(),
    };
}
