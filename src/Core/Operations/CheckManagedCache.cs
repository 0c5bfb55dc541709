using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>
/// Says what has become of a cache that ElastiCache is to make: asked of ElastiCache itself, with every node, and not read from the name of
/// an error. Called whenever the machine has not seen it available.
/// </summary>
public sealed class CheckManagedCache(ServiceParts parts)
{
    /// <returns>Ready, or to be waited for.</returns>
    /// <exception cref="ManagedCacheCreateFailedException">There will be no such cache.</exception>
    /// <exception cref="ManagedCacheRestoreFailedException">ElastiCache could not fill it.</exception>
    public async Task<ManagedCacheWait> RunAsync(RestoreJob job, CancellationToken cancellationToken)
    {
        RestoreRecords records = await RestoreRecords.ReadAsync(parts.Catalog, job, cancellationToken);
        RestoreTargetKind kind = records.Restoration.Target.Kind;
        ManagedCacheDescription? found = await parts.ManagedCaches.DescribeAsync(job.Cache, kind, withNodes: true, cancellationToken);
        TimeSpan waited = parts.Time.GetUtcNow() - records.Cache.Operation!.StartedAt;
        if (found is null)
        {
            // Right after it was asked for, a Describe may not show it yet.
            return waited < ManagedCacheWait.UntilShown
                ? ManagedCacheWait.After(job.Cache, waited)
                : throw new ManagedCacheCreateFailedException(
                    $"ElastiCache has no cache named {job.Cache} (any more): somebody deleted it, or it was never made. Restore again.");
        }

        string[] statuses = [found.Status, .. found.NodeStatuses];
        if (Array.Find(statuses, ManagedCacheStates.Failed.Contains) is { } failed)
        {
            throw await FailedAsync(job, kind, statuses.Contains(ManagedCacheStates.RestoreFailed) ? ManagedCacheStates.RestoreFailed : failed, cancellationToken);
        }

        if (found.Status == ManagedCacheStates.Available)
        {
            return ManagedCacheWait.After(job.Cache, waited) with { IsReady = true };
        }

        return waited < ManagedCacheWait.Longest
            ? ManagedCacheWait.After(job.Cache, waited)
            : throw new ManagedCacheCreateFailedException(
                $"ElastiCache says for {(int)waited.TotalHours} hours that cache {job.Cache} is {found.Status}. Look at it in ElastiCache's console; "
                + "delete it there, and restore again.");
    }

    private async Task<PermanentException> FailedAsync(RestoreJob job, RestoreTargetKind kind, string status, CancellationToken cancellationToken)
    {
        string cause = await parts.ManagedCaches.FindCauseAsync(job.Cache, kind, cancellationToken) is { } told
            ? $"ElastiCache tells: {told}"
            : "ElastiCache's events tell nothing of why.";
        string message = $"ElastiCache says that cache {job.Cache} is {status}. {cause}";
        return status == ManagedCacheStates.RestoreFailed
            ? new ManagedCacheRestoreFailedException($"{message} Most often the node type has too little memory for the data: delete the cache in ElastiCache, and choose a larger one.")
            : new ManagedCacheCreateFailedException(message);
    }
}
