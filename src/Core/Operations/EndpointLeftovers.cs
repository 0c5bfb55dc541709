using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;

namespace CacheBackup.Core.Operations;

/// <summary>
/// What a restore that failed has left on a user's endpoint, which nobody but the user may empty. Half-made values under temporary keys
/// are removed; the rest is counted.
/// </summary>
internal sealed class EndpointLeftovers(ServiceParts parts)
{
    /// <summary>A failed restore must not hang on an endpoint that does not answer, which may be why it failed.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <returns>One sentence or two, for the reason of the cache's status.</returns>
    public async Task<string> DescribeAsync(Cache cache, RestoreJob job, CancellationToken cancellationToken)
    {
        CacheRestoration restoration = cache.Restoration!;
        CacheEndpoint endpoint = restoration.Target.Endpoint!.Endpoint;
        if (restoration.ClaimedBy != job.Execution)
        {
            return $"Nothing was written into {endpoint}.";
        }

        using CancellationTokenSource patience = new(Patience, parts.Time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await AskAsync(endpoint, restoration, job, either.Token);
        }
        catch (Exception e) when (e is TransientException or PermanentException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return $"{endpoint} could not be asked what it holds of this restore ({e.GetType().Name}): look yourself before you use it.";
        }
    }

    private async Task<string> AskAsync(CacheEndpoint endpoint, CacheRestoration restoration, RestoreJob job, CancellationToken cancellationToken)
    {
        await using IRestoreTarget target = await parts.Caches.ConnectTargetAsync(restoration.Target.Endpoint!, cancellationToken);
        Backup backup = await parts.Catalog.Backups.GetAsync(job.Backup, cancellationToken);
        foreach (ShardManifest shard in backup.Shards)
        {
            foreach (int database in shard.Databases.Select(content => content.Database))
            {
                await target.RemoveTemporaryAsync(database, TemporaryKeys.Of(shard.DataKey), cancellationToken);
            }
        }

        CacheProbe probe = await target.DescribeAsync(cancellationToken);
        long keys = probe.KeysByDatabase.Values.Sum();
        int functions = probe.FunctionLibraries ?? 0;
        return keys == 0 && functions == 0
            ? $"{endpoint} is empty."
            : $"{endpoint} holds {keys:N0} key(s) in {probe.KeysByDatabase.Count(d => d.Value > 0)} database(s) and {functions} function library(ies), "
                + "an unfinished part of the backup: empty it before it is used or restored into again.";
    }
}
