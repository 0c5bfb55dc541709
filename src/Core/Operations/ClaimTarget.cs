using CacheBackup.Core.Restores;

namespace CacheBackup.Core.Operations;

/// <summary>
/// Sees that the target is empty and writes into the catalog that this execution found it so. From then on this execution alone may
/// replace keys there, which makes every range repeatable.
/// </summary>
public sealed class ClaimTarget(ServiceParts parts)
{
    /// <exception cref="TargetNotEmptyException">The target holds keys or functions that are not this execution's.</exception>
    public async Task RunAsync(RestoreJob job, CancellationToken cancellationToken)
    {
        RestoreRecords records = await RestoreRecords.ReadAsync(parts.Catalog, job, cancellationToken);
        if (records.Restoration.ClaimedBy == job.Execution)
        {
            return;
        }

        await using (IRestoreTarget target = await parts.Caches.ConnectTargetAsync(records.Address, cancellationToken))
        {
            RestoreCheck.RequireEmpty(await target.DescribeAsync(cancellationToken));
        }

        await parts.Catalog.Caches.ChangeAsync(
            job.Cache,
            current =>
            {
                Ownership.Check(current, job.Execution, job.Generation);
                return current with { Restoration = current.Restoration! with { ClaimedBy = job.Execution } };
            },
            cancellationToken);
    }
}
