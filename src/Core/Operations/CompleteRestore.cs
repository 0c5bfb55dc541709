using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;

namespace CacheBackup.Core.Operations;

/// <summary>Adds the reports up, makes the new cache available, and lets the backup go.</summary>
public sealed class CompleteRestore(ServiceParts parts)
{
    /// <param name="uncompared">Why a cache that ElastiCache has loaded could not be compared; null: it was.</param>
    /// <exception cref="RestoreMismatchException">The reports do not account for every key of the backup.</exception>
    public async Task<RestoreOutcome> RunAsync(RestoreJob job, FailureCause? uncompared, CancellationToken cancellationToken)
    {
        Cache before = await parts.Catalog.Caches.GetAsync(job.Cache, cancellationToken);
        RestoreOutcome outcome = before is { Status: CacheStatus.Available, Restoration.Outcome: { } done } && before.Generation == job.Generation
            ? done
            : await PublishAsync(job, uncompared, cancellationToken);
        await RestoreEvents.CompletedAsync(parts, job, outcome, cancellationToken);
        if (before.Restoration?.Target.Endpoint is { } address)
        {
            await new EndpointClaim(parts.Store).ReleaseAsync(address.Endpoint, job.Execution, cancellationToken);
        }

        await BackupUses.EndAsync(parts.Catalog, job.Backup, job.Execution, cancellationToken);
        return outcome;
    }

    private async Task<RestoreOutcome> PublishAsync(RestoreJob job, FailureCause? uncompared, CancellationToken cancellationToken)
    {
        RestoreRecords records = await RestoreRecords.ReadAsync(parts.Catalog, job, cancellationToken);
        RestoreOutcome outcome = uncompared is { } why
            ? RestoreAccount.CloseUncompared(parts, records, job, why)
            : await RestoreAccount.CloseAsync(parts, records, job, cancellationToken);
        await parts.Catalog.Caches.ChangeAsync(
            job.Cache,
            current =>
            {
                Ownership.Check(current, job.Execution, job.Generation);
                return current with
                {
                    Status = CacheStatus.Available,
                    StatusReason = ReasonOf(job, outcome),
                    Operation = null,
                    Restoration = current.Restoration! with { Outcome = outcome },
                };
            },
            cancellationToken);
        return outcome;
    }

    private static string? ReasonOf(RestoreJob job, RestoreOutcome outcome) => outcome switch
    {
        { NotCompared: { } why } => $"ElastiCache loaded backup {job.Backup} into this cache; it was not compared with the backup. {why}",
        { Refused: { } refused } =>
            $"{refused:N0} key(s) of backup {job.Backup} are not in this cache: it cannot hold their values, and they were left out as asked for.",
        { Lost: { } lost } =>
            $"{lost:N0} key(s) of backup {job.Backup} are not in this cache: they are in damaged parts of it, which were passed over as asked for.",
        _ => null,
    };
}
