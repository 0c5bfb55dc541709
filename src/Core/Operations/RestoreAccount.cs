using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;

namespace CacheBackup.Core.Operations;

/// <summary>Closes the account of a restore: every range has reported, and the reports speak of every key of the backup.</summary>
internal static class RestoreAccount
{
    /// <exception cref="RestoreMismatchException">The reports do not account for every key of the backup.</exception>
    public static async Task<RestoreOutcome> CloseAsync(
        ServiceParts parts, RestoreRecords records, RestoreJob job, CancellationToken cancellationToken)
    {
        (CompareReport sum, int compared, int planned) = await new RestoreLanes(parts.Store, job).SumAsync(cancellationToken);
        long total = records.Backup.Shards.Sum(s => s.Keys);
        if (compared != planned || sum.Compared + sum.LeftOut + sum.Refused + sum.Lost != total || sum.Equal + sum.ExpiredSince != sum.Compared)
        {
            throw new RestoreMismatchException(
                $"{compared} of {planned} ranges reported {sum.Equal} equal, {sum.ExpiredSince} expired, {sum.LeftOut} unwanted, {sum.Refused} refused and {sum.Lost} lost keys; the backup has {total}. "
                + "Remove the new cache and restore again.");
        }

        return new RestoreOutcome
        {
            Total = total,
            Restored = sum.Equal,
            Expired = sum.ExpiredSince,
            Compared = sum.Compared,
            Lost = sum.Lost > 0 ? sum.Lost : null,
            Refused = sum.Refused > 0 ? sum.Refused : null,
            LeftOut = records.Restoration.Selection is null && sum.LeftOut == 0 ? null : sum.LeftOut,
            FunctionLibraries = sum.FunctionDigests.Count,
            CompletedAt = parts.Time.GetUtcNow(),
        };
    }

    /// <summary>ElastiCache has loaded the files, and nobody could look at what came of them: no count is claimed.</summary>
    /// <exception cref="CatalogConflictException">The cache is none of ElastiCache's: its restore is complete only with its reports.</exception>
    public static RestoreOutcome CloseUncompared(ServiceParts parts, RestoreRecords records, RestoreJob job, FailureCause why) =>
        records.Restoration.Target.Kind is RestoreTargetKind.Serverless or RestoreTargetKind.SelfDesigned
            ? new RestoreOutcome
            {
                Total = records.Backup.Shards.Sum(s => s.Keys),
                Restored = 0,
                Expired = 0,
                Compared = 0,
                NotCompared = why.ToReason(),
                FunctionLibraries = 0,
                CompletedAt = parts.Time.GetUtcNow(),
            }
            : throw new CatalogConflictException($"Cache {job.Cache} was filled entry by entry, and such a restore is complete only when every key was compared.");
}
