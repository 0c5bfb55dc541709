using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>
/// Ends a restore that did not come to its end. The new cache is left as <c>restore-failed</c> (<c>create-failed</c> where there is no
/// server yet), to be removed and made again; the backup is let go and untouched. It may be called any number of times, at any moment.
/// </summary>
public sealed class AbandonRestore(ServiceParts parts)
{
    public async Task RunAsync(RestoreJob job, FailureCause failure, CancellationToken cancellationToken)
    {
        Cache? cache = (await parts.Catalog.Caches.FindAsync(job.Cache, cancellationToken))?.Document;
        string advice = "Remove this cache and restore again; the backup is untouched.";
        if (cache?.IsHeldBy(job.Execution, job.Generation) == true)
        {
            // Told first: once the cache is given back, a repeated call would not know that this execution ever had it.
            await RestoreEvents.FailedAsync(parts, job, failure, cancellationToken);
            if (cache.Restoration is { Target.Endpoint: { } endpoint })
            {
                advice = $"{await new EndpointLeftovers(parts).DescribeAsync(cache, job, cancellationToken)} {advice}";
                await new EndpointClaim(parts.Store).ReleaseAsync(endpoint.Endpoint, job.Execution, cancellationToken);
            }
            else if (cache.Restoration is { Target.Kind: RestoreTargetKind.Serverless or RestoreTargetKind.SelfDesigned })
            {
                advice = $"If ElastiCache has a cache named {job.Cache} that carries this restore's tag, it costs money until it is deleted. {advice}";
            }
        }

        await CacheLease.ReleaseAsync(
            parts.Catalog,
            job.Cache,
            job.Execution,
            job.Generation,
            c => c with
            {
                Status = c.Shards.Count == 0 && failure.Error != nameof(ManagedCacheRestoreFailedException) ? CacheStatus.CreateFailed : CacheStatus.RestoreFailed,
                StatusReason = $"{failure.ToReason()} {advice}",
            },
            cancellationToken);
        await BackupUses.EndAsync(parts.Catalog, job.Backup, job.Execution, cancellationToken);
    }
}
