using CacheBackup.Core.Model;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Core.Operations;

/// <summary>
/// The backup machine's look at a cluster, before the first shard is taken and after the last: which shards there are, and of which of them there is
/// no file yet, or one from before their slots or their primary changed. Nothing left: every slot is in exactly one file, and no config epoch has
/// moved since it was taken.
/// </summary>
public sealed class SurveyCluster(ServiceParts parts)
{
    /// <summary>Looks at one cluster, and so rounds of taking what changed, before the backup ends without success.</summary>
    public const int MostRounds = 4;

    /// <param name="round">How often this was called for the backup.</param>
    /// <exception cref="NoLongerOwnerException">Cache or backup belong to another execution.</exception>
    /// <exception cref="ClusterUnsettledException">A slot has no primary.</exception>
    /// <exception cref="ClusterReshardedException">After the last round something is left still.</exception>
    public async Task<ClusterPlan> RunAsync(BackupJob job, int round, CancellationToken cancellationToken)
    {
        Cache cache = await parts.Catalog.Caches.GetAsync(job.Cache, cancellationToken);
        Ownership.Check(cache, job.Execution, job.Generation);
        Backup backup = await parts.Catalog.Backups.GetAsync(job.Backup, cancellationToken);
        Ownership.Check(backup, job.Execution, job.Generation);
        ClusterMap map = await ClusterSurvey.AskAsync(parts.Caches, cache, null, cancellationToken);
        ClusterSurvey.RequireWhole(cache.Name, map);
        IReadOnlyList<CacheShard> shards = ClusterSurvey.Shards(cache.Shards, ClusterSurvey.LoginOf(cache), map);
        await RecordAsync(job, shards, cancellationToken);

        List<int> left = [];
        foreach (CacheShard shard in shards)
        {
            ShardManifest? taken = await ShardRecords.FindAsync(parts.Store, backup.Id, shard.Number, cancellationToken);
            if (!IsOf(taken, map.OwnerOf(shard.Slots!.Value)!))
            {
                left.Add(shard.Number);
            }
        }

        if (left is [])
        {
            return new ClusterPlan([.. shards.Select(shard => shard.Number)], round + 1, IsDone: true);
        }

        return round < MostRounds
            ? new ClusterPlan(left, round + 1, IsDone: false)
            : throw new ClusterReshardedException(
                $"The slots or primaries of cluster {job.Cache} changed during each of {MostRounds} attempts at backup {job.Backup}; shard(s) "
                + $"{string.Join(", ", left)} were moved last. Start the backup again when no resharding and no failover is under way.");
    }

    /// <summary>The file was taken when the shard owned exactly these slots, in the same config epoch.</summary>
    internal static bool IsOf(ShardManifest? taken, ClusterNode owner) =>
        taken?.Cluster is { } then && then.Slots == owner.Slots && then.ConfigEpoch == owner.ConfigEpoch;

    private async Task RecordAsync(BackupJob job, IReadOnlyList<CacheShard> shards, CancellationToken cancellationToken) =>
        await parts.Catalog.Caches.ChangeAsync(
            job.Cache,
            current =>
            {
                Ownership.Check(current, job.Execution, job.Generation);
                return current with { Shards = shards, ConfigurationAddress = ClusterSurvey.LoginOf(current) };
            },
            cancellationToken);
}
