using System.Text;
using CacheBackup.Core.Model;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Segments;

namespace CacheBackup.Core.Operations;

/// <summary>The restore machine's first step: refuses what cannot succeed before anything is made, and deals the segments out.</summary>
public sealed class CheckRestore(ServiceParts parts)
{
    private const int Lanes = 4;

    /// <exception cref="BackupNotRestorableException">Engine, version or topology do not fit; the message names both sides.</exception>
    /// <exception cref="ProvisioningException">No such cache can be made here.</exception>
    public async Task<RestoreWorkPlan> RunAsync(RestoreJob job, CancellationToken cancellationToken)
    {
        RestoreRecords records = await RestoreRecords.ReadAsync(parts.Catalog, job, cancellationToken);
        Backup backup = records.Backup;
        RestoreTargetSpec target = records.Restoration.Target;
        CacheEngine engine = target.Engine ?? backup.Origin!.Engine;
        CacheVersion version = await parts.Provisioner.VersionOfAsync(engine, cancellationToken);
        RestoreSubject subject = SubjectOf(backup);
        EngineChange change = target.AllowEngineChange ? EngineChange.RedisToValkey : EngineChange.Refused;
        if (target.Fill == RestoreFill.Load)
        {
            RequireOneFile(backup);
            RestoreCheck.RequireLoadable(subject, engine, version, change);
        }
        else
        {
            RestoreCheck.RequireRestorable(subject, NewCache(engine, version), change);
        }

        List<SegmentIndex> indexes = [];
        foreach (ShardManifest shard in backup.Shards)
        {
            indexes.Add(await SegmentIndexes.ReadAsync(parts.StoreOf(backup), shard, cancellationToken));
        }

        RestorePlan plan = RestorePlan.Of(indexes, Lanes);
        IEnumerable<WorkRange> ranges = plan.Ranges.Select(
            (work, number) => new WorkRange(number, backup.Shards[work.Shard].Number, work.FirstSegment, work.LastSegment));
        return new RestoreWorkPlan(target.Fill, [.. ranges], plan.Lanes);
    }

    private static void RequireOneFile(Backup backup)
    {
        if (backup.Shards.Count != 1)
        {
            throw new BackupNotRestorableException(
                $"Backup {backup.Name} has {backup.Shards.Count} files; a server loads one at its start. Restore with fill \"restore\".");
        }
    }

    private static RestoreSubject SubjectOf(Backup backup) => new()
    {
        Engine = backup.Origin!.Engine,
        Version = backup.Origin.EngineVersion,
        RdbVersion = backup.Shards.Select(VersionOf).MaxBy(v => v.Number),
        Types = backup.Shards.SelectMany(s => s.KeysByType).GroupBy(t => Enum.Parse<RdbType>(t.Key)).ToDictionary(g => g.Key, g => g.Sum(t => t.Value)),
        Databases = [.. backup.Shards.SelectMany(s => s.Databases).Select(d => d.Database).Distinct().Order()],
        Keys = backup.Shards.Sum(s => s.Keys),
        Functions = backup.Shards.Sum(s => s.FunctionLibraries),
        MemoryEstimateBytes = backup.Shards.Sum(s => s.UsedMemoryBytes ?? s.SizeBytes),
    };

    private static RdbVersion VersionOf(ShardManifest shard) => RdbVersion.TryParse(Encoding.ASCII.GetBytes(shard.RdbVersion), out RdbVersion version)
        ? version
        : throw new BackupNotRestorableException($"Shard {shard.Number} is recorded as \"{shard.RdbVersion}\", which is no RDB version.");

    /// <summary>What the cache will say of itself that is not made yet.</summary>
    private CacheProbe NewCache(CacheEngine engine, CacheVersion version) => new()
    {
        Engine = engine,
        Version = version,
        RunId = string.Empty,
        ServerTime = parts.Time.GetUtcNow(),
        ClusterEnabled = false,
        IsReplica = false,
        IsLoading = false,
        KeysByDatabase = new Dictionary<int, long>(),
        ExpiringKeysByDatabase = new Dictionary<int, long>(),
        UsedMemoryBytes = 0,
        MaxMemoryBytes = 0,
        TotalSystemMemoryBytes = 0,
    };
}
