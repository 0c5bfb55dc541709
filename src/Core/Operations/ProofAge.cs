using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>
/// How long the cache has waited that waited longest for a proof of one of its backups, among those that automatic backups are taken of. A
/// proof is a whole reading back without a finding, or a passed restore test; a cache that never had one waits since its first backup.
/// </summary>
internal sealed class ProofAge(ServiceParts parts)
{
    private TimeSpan _oldest = TimeSpan.Zero;

    /// <param name="backups">The cache's automatic backups.</param>
    public async Task SeeAsync(CacheName name, IEnumerable<Backup> backups, CancellationToken cancellationToken)
    {
        Backup[] complete = [.. backups.Where(backup => backup.CompletedAt is not null)];
        bool areTaken = (await parts.Catalog.Caches.FindAsync(name, cancellationToken))?.Document.AutomaticBackups?.NextWindow is not null;
        if (!areTaken || complete.Length == 0)
        {
            return;
        }

        DateTimeOffset since = complete.Max(LastProofOf) ?? complete.Min(backup => backup.CompletedAt!.Value);
        TimeSpan age = parts.Time.GetUtcNow() - since;
        _oldest = age > _oldest ? age : _oldest;
    }

    public void Record() => parts.Metrics.Record(Metric.OldestProof, Math.Round(_oldest.TotalSeconds));

    private static DateTimeOffset? LastProofOf(Backup backup)
    {
        DateTimeOffset? readBack = backup.Verification is { IsGood: true } verification ? verification.At : null;
        DateTimeOffset? restored = backup.Proof?.At;
        return readBack is null || restored > readBack ? restored : readBack;
    }
}
