using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
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
        RestoreSubject subject = BackupSubject.Of(backup, records.Restoration.Selection);
        await RequireTargetAsync(backup, subject, target, job.Cache, cancellationToken);

        List<SegmentIndex> indexes = [];
        foreach (ShardManifest shard in backup.Shards)
        {
            indexes.Add(await SegmentIndexes.ReadAsync(parts.StoreOf(backup), shard, cancellationToken));
        }

        RestorePlan plan = RestorePlan.Of(indexes, Lanes);
        IEnumerable<WorkRange> ranges = plan.Ranges.Select(
            (work, number) => new WorkRange(number, backup.Shards[work.Shard].Number, work.FirstSegment, work.LastSegment));
        return new RestoreWorkPlan(target.Fill, [.. ranges], plan.Lanes, target.Kind);
    }

    private async Task RequireTargetAsync(
        Backup backup, RestoreSubject subject, RestoreTargetSpec target, CacheName name, CancellationToken cancellationToken)
    {
        switch (target.Kind)
        {
            case RestoreTargetKind.Endpoint:
                // What listens there is asked when it is claimed: here nothing reaches it.
                await RequireUnknownEndpointAsync(name, target.Endpoint!.Endpoint, cancellationToken);
                return;
            case RestoreTargetKind.Serverless or RestoreTargetKind.SelfDesigned:
                ManagedTargetCheck.Require(subject, backup.Origin!.Topology, target);
                return;
        }

        CacheEngine engine = target.Engine ?? backup.Origin!.Engine;
        CacheVersion version = await parts.Provisioner.VersionOfAsync(engine, cancellationToken);
        if (target.Fill == RestoreFill.Load)
        {
            RequireOneFile(backup);
            RestoreCheck.RequireLoadable(subject, engine, version, EngineChanges.Of(target));
        }
        else
        {
            RestoreCheck.RequireRestorable(subject, NewCache(engine, version), EngineChanges.Of(target));
        }
    }

    private async Task RequireUnknownEndpointAsync(CacheName name, CacheEndpoint endpoint, CancellationToken cancellationToken)
    {
        await foreach (Cache cache in parts.Catalog.Caches.ListAsync(CatalogKeys.Caches, null, _ => { }, cancellationToken))
        {
            if (cache.Name != name && cache.Shards.Any(shard => shard.Address.Endpoint == endpoint))
            {
                throw new CatalogConflictException(
                    $"{endpoint} is the cache {cache.Name} already, and a restore never writes into one that exists. "
                    + "Restore into a new cache, compare, and move your endpoint there; or remove that cache's record first.");
            }
        }
    }

    private static void RequireOneFile(Backup backup)
    {
        if (backup.Shards.Count != 1)
        {
            throw new BackupNotRestorableException(
                $"Backup {backup.Name} has {backup.Shards.Count} files; a server loads one at its start. Restore with fill \"restore\".");
        }
    }

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
