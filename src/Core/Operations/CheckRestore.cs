using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;

namespace CacheBackup.Core.Operations;

/// <summary>The restore machine's first step: refuses what cannot succeed before anything is made, and deals the segments out.</summary>
public sealed class CheckRestore(ServiceParts parts)
{
    private const int FewestLanes = 4;
    private const long BytesPerLane = 16L * 1024 * 1024 * 1024;

    /// <exception cref="BackupNotRestorableException">Engine, version or topology do not fit; the message names both sides.</exception>
    /// <exception cref="ProvisioningException">No such cache can be made here.</exception>
    /// <exception cref="TargetNotEmptyException">Another restore is filling the user's endpoint.</exception>
    public async Task<RestoreWorkPlan> RunAsync(RestoreJob job, CancellationToken cancellationToken)
    {
        RestoreRecords records = await RestoreRecords.ReadAsync(parts.Catalog, job, cancellationToken);
        Backup backup = records.Backup;
        RestoreTargetSpec target = records.Restoration.Target;
        RestoreSubject subject = BackupSubject.Of(backup, records.Restoration.Selection);
        await RequireTargetAsync(backup, subject, target, job, cancellationToken);

        RestoreLanePlan plan = await new RestoreLanes(parts.Store, job).WritePlanAsync(await PlanAsync(backup, cancellationToken), cancellationToken);
        bool isStaged = target.Kind is RestoreTargetKind.Serverless or RestoreTargetKind.SelfDesigned;
        return new RestoreWorkPlan(
            isStaged ? RestoreFill.Load : target.Fill,
            [.. Enumerable.Range(0, plan.Lanes.Count)],
            Math.Max(plan.Lanes.Count, 1),
            target.Kind,
            isStaged ? [.. backup.Shards.Select(shard => shard.Number)] : []);
    }

    /// <summary>Memory: one index at a time (8 MiB of data make 200 bytes of it), and the ranges, at most 20,000 of 32 bytes.</summary>
    private async Task<RestoreLanePlan> PlanAsync(Backup backup, CancellationToken cancellationToken)
    {
        RestorePlanner planner = new([.. backup.Shards.Select(shard => shard.SizeBytes)], LanesFor(backup.Shards.Sum(shard => shard.SizeBytes)));
        foreach (ShardManifest shard in backup.Shards)
        {
            planner.Add(await SegmentIndexes.ReadAsync(parts.StoreOf(backup), shard, cancellationToken));
        }

        return new RestoreLanePlan
        {
            Lanes =
            [
                .. planner.Deal().Lanes.Select(lane => (IReadOnlyList<WorkRange>)
                    [.. lane.Select(work => new WorkRange(backup.Shards[work.Shard].Number, work.FirstSegment, work.LastSegment, work.Bytes))]),
            ],
        };
    }

    /// <summary>A server takes what few lanes send it; more data is worth more of them.</summary>
    private static int LanesFor(long bytes) => (int)Math.Clamp(bytes / BytesPerLane, FewestLanes, RestorePlan.MaxLanes);

    private async Task RequireTargetAsync(
        Backup backup, RestoreSubject subject, RestoreTargetSpec target, RestoreJob job, CancellationToken cancellationToken)
    {
        switch (target.Kind)
        {
            case RestoreTargetKind.Endpoint:
                // What listens there is asked by the step that claims the target: here nothing reaches it. The endpoint itself is taken here,
                // because whoever holds it may have to be asked after, and executions cannot be reached from where caches can.
                CacheEndpoint endpoint = target.Endpoint!.Endpoint;
                await RequireUnknownEndpointAsync(job.Cache, endpoint, cancellationToken);
                await new EndpointClaim(parts.Store).TakeAsync(endpoint, job, parts.Executions, cancellationToken);
                return;
            case RestoreTargetKind.Serverless or RestoreTargetKind.SelfDesigned:
                parts.ManagedCaches.RequireAvailable(job.Cache);
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
            RestoreCheck.RequireRestorable(subject, NewCache(engine, version), EngineChanges.Of(target), target.AllowRefused);
        }
    }

    private async Task RequireUnknownEndpointAsync(CacheName name, CacheEndpoint endpoint, CancellationToken cancellationToken)
    {
        await foreach (Cache cache in parts.Catalog.Caches.ListAsync(CatalogKeys.Caches, null, _ => { }, cancellationToken))
        {
            if (cache.Name != name && IsAt(cache, endpoint))
            {
                throw new CatalogConflictException(
                    $"{endpoint} is the cache {cache.Name} already, and a restore never writes into one that exists. "
                    + "Restore into a new cache, compare, and move your endpoint there; or remove that cache's record first.");
            }
        }
    }

    private static bool IsAt(Cache cache, CacheEndpoint endpoint) => cache.ConfigurationAddress?.Endpoint == endpoint
        || cache.Shards.Any(shard => shard.Address.Endpoint == endpoint || shard.Replicas?.Contains(endpoint) == true);

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
