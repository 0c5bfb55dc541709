using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Operations;

/// <summary>
/// Looks through the backups, a bounded number in one step, and chooses the share: those whose bytes were seen to be good longest ago
/// come first, so that every backup gets its turn whatever comes after it.
/// </summary>
public sealed class PlanVerifySweep(ServiceParts parts)
{
    /// <summary>Pages of one step: 20,000 backups.</summary>
    private const int MaxPages = 200;

    /// <returns>Whether the step is to be taken again.</returns>
    /// <exception cref="NoLongerOwnerException">Another execution goes on with the sweep.</exception>
    public async Task<bool> RunAsync(VerifySweepJob job, CancellationToken cancellationToken)
    {
        (VerifySweep sweep, ObjectTag tag) = await SweepRecords.ReadAsync(parts.Store, job, cancellationToken);
        if (sweep.Queue is not null)
        {
            return false;
        }

        List<SweepCandidate> candidates = [.. sweep.Candidates ?? []];
        string? marker = sweep.Marker;
        for (int page = 0; page < MaxPages && (page == 0 || marker is not null); page++)
        {
            BackupListingPage read = await parts.Catalog.Listing.ReadAsync(new BackupFilter(), BackupListing.MaxPage, marker, cancellationToken);
            candidates.AddRange(read.Backups
                .Where(backup => backup.Status == BackupStatus.Available)
                .Select(backup => new SweepCandidate(backup.Name, backup.Verification?.At ?? backup.CompletedAt ?? backup.CreatedAt)));
            marker = read.Marker;
        }

        VerifySweep next = marker is null
            ? sweep with { Marker = null, Candidates = null, Queue = Share(candidates, sweep.SharePercent) }
            : sweep with { Marker = marker, Candidates = candidates };
        await SweepRecords.WriteAsync(parts.Store, next, WriteCondition.Matches(tag), cancellationToken);
        return marker is not null;
    }

    private static BackupName[] Share(List<SweepCandidate> candidates, int percent) =>
    [
        .. candidates.DistinctBy(candidate => candidate.Name)
            .OrderBy(candidate => candidate.KnownGoodAt)
            .ThenBy(candidate => candidate.Name.Value, StringComparer.Ordinal)
            .Take((int)(((long)candidates.Count * percent) + 99) / 100)
            .Select(candidate => candidate.Name),
    ];
}
