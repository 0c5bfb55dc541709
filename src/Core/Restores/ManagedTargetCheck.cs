using System.Globalization;
using CacheBackup.Core.Model;

namespace CacheBackup.Core.Restores;

/// <summary>
/// Whether a backup can go into an ElastiCache cache that is not made yet: decided from what was recorded, before anything is created and
/// billed. Each refusal names both sides with their numbers.
/// </summary>
public static class ManagedTargetCheck
{
    private static readonly CacheVersion OldestValkey = new(7, 2, 0);
    private static readonly CacheVersion OldestRedis = new(5, 0, 0);

    /// <param name="topology">The topology of the cache that the backup was taken from.</param>
    /// <param name="target">Serverless or self-designed.</param>
    /// <exception cref="BackupNotRestorableException">It cannot.</exception>
    public static void Require(RestoreSubject backup, CacheTopology topology, RestoreTargetSpec target)
    {
        if (backup.Engine == CacheEngine.Memcached)
        {
            throw new BackupNotRestorableException(
                "ElastiCache seeds no cache from Memcached's items. Make the cache yourself, and restore into its endpoint.");
        }

        CacheEngine engine = target.Engine ?? backup.Engine;
        RequireEngine(backup, engine, target.AllowEngineChange);
        RequireVersion(backup);
        RequireNotOlder(backup, target.Serverless?.MajorVersion ?? target.SelfDesigned?.EngineVersion);
        if (target.SelfDesigned is not { } cluster)
        {
            RequireOneDatabase(backup, "A serverless cache runs in cluster mode and has database 0 alone.");
            return;
        }

        if (cluster.IsClusterMode)
        {
            RequireOneDatabase(backup, "A cluster in cluster mode has database 0 alone.");
        }
        else if (topology != CacheTopology.ClusterDisabled)
        {
            throw new BackupNotRestorableException(
                "The backup was taken from a cache in cluster mode, and ElastiCache does not restore one into a cluster without it. "
                + "Ask for clusterMode, or for a serverless cache.");
        }

        RequireNodeType(cluster, engine);
        RequireMemory(backup, cluster);
    }

    private static void RequireEngine(RestoreSubject backup, CacheEngine engine, bool allowChange)
    {
        bool isChange = (backup.Engine, engine) == (CacheEngine.Redis, CacheEngine.Valkey);
        if (engine != backup.Engine && !(isChange && allowChange))
        {
            throw new BackupNotRestorableException(
                $"The backup was taken from {RestoreCheck.Name(backup.Engine)} and the target is {RestoreCheck.Name(engine)}: a backup goes back into "
                + $"its own engine.{(isChange ? " Allow the engine change to do it all the same." : string.Empty)}");
        }
    }

    private static void RequireVersion(RestoreSubject backup)
    {
        CacheVersion oldest = backup.Engine == CacheEngine.Valkey ? OldestValkey : OldestRedis;
        if (backup.Version is { } version && version.CompareTo(oldest) < 0)
        {
            throw new BackupNotRestorableException(
                $"The backup was taken from {RestoreCheck.Name(backup.Engine)} {version}; ElastiCache restores from {oldest} on. "
                + "Restore it into a server of your own first, and take a backup of that one.");
        }
    }

    /// <summary>By the first number alone: within one ElastiCache reads what a later version wrote, or says what it does not.</summary>
    private static void RequireNotOlder(RestoreSubject backup, string? asked)
    {
        if (backup.Version is { } version && asked is not null && int.Parse(asked.Split('.')[0], CultureInfo.InvariantCulture) < version.Major)
        {
            throw new BackupNotRestorableException(
                $"The backup was taken from {RestoreCheck.Name(backup.Engine)} {version} and version {asked} was asked for, which does not read its files. "
                + $"Ask for {version.Major} or later, or leave the version out.");
        }
    }

    private static void RequireOneDatabase(RestoreSubject backup, string why)
    {
        int[] others = [.. backup.Databases.Where(number => number != 0)];
        if (others.Length > 0)
        {
            throw new BackupNotRestorableException(
                $"The backup holds keys in database(s) {string.Join(", ", others)}. {why} "
                + "Choose a cluster without cluster mode, or restore databases: [0] alone.");
        }
    }

    private static void RequireNodeType(SelfDesignedTarget cluster, CacheEngine engine)
    {
        // "Restoring from a backup into a new cache": only backups of r6gd nodes go into r6gd nodes.
        if (NodeTypes.HasDataTiering(cluster.NodeType))
        {
            throw new BackupNotRestorableException(
                $"{cluster.NodeType} keeps a part of its data on SSD (data tiering), and ElastiCache restores only backups of such clusters into one. "
                + "Choose the r6g or r7g type of the same size.");
        }

        if (!NodeTypes.Runs(cluster.NodeType, engine))
        {
            throw new BackupNotRestorableException($"{cluster.NodeType} is listed for Valkey alone, and the target is {RestoreCheck.Name(engine)}.");
        }
    }

    private static void RequireMemory(RestoreSubject backup, SelfDesignedTarget cluster)
    {
        long each = NodeTypes.DataBytesOf(cluster.NodeType)
            ?? throw new InvalidRequestException("The node type is none that is known here.");
        if (backup.MemoryEstimateBytes <= each * cluster.ShardCount)
        {
            return;
        }

        long shards = (backup.MemoryEstimateBytes + each - 1) / each;
        string enough = shards <= SelfDesignedTarget.MaxShards
            ? $"{shards:N0} shard(s) of that type in cluster mode, or a larger type, would do."
            : "Choose a larger type.";
        throw new BackupNotRestorableException(
            $"The data needs about {backup.MemoryEstimateBytes:N0} bytes of memory; {cluster.ShardCount:N0} shard(s) of {cluster.NodeType} hold "
            + $"{each * cluster.ShardCount:N0} ({NodeTypes.DataPercent} % of {NodeTypes.MaxMemoryOf(cluster.NodeType):N0} each; the rest is reserved). {enough}");
    }
}
