using CacheBackup.Core.Model;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Operations;

/// <summary>The records of a native backup, read and checked at the beginning of each of its steps.</summary>
internal sealed record NativeRecords(Cache Cache, Backup Backup, ManagedResource Resource)
{
    /// <summary>
    /// How long a native backup may wait for ElastiCache in all: far more than it takes, and few enough looks (one a minute) for the
    /// history of an execution.
    /// </summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromHours(12);

    public NativeSnapshotId Snapshot => NativeSnapshotId.Of(Backup.Name, Backup.Generation, Resource.IsServerless);

    /// <exception cref="NoLongerOwnerException">The backup was abandoned, or belongs to another execution.</exception>
    public static async Task<NativeRecords> ReadAsync(ServiceParts parts, BackupJob job, CancellationToken cancellationToken)
    {
        Cache cache = await parts.Catalog.Caches.GetAsync(job.Cache, cancellationToken);
        Ownership.Check(cache, job.Execution, job.Generation);
        Backup backup = await parts.Catalog.Backups.GetAsync(job.Backup, cancellationToken);
        Ownership.Check(backup, job.Execution, job.Generation);
        return new NativeRecords(
            cache, backup, cache.ManagedResource ?? throw new CatalogConflictException($"Cache {cache.Name} is not one of ElastiCache's."));
    }

    /// <exception cref="TargetNotAvailableHereException">There is no ElastiCache here.</exception>
    public static (IObjectStore Store, string Bucket) RequireExchange(ServiceParts parts) => parts is { Exchange: { } store, ExchangeBucket: { } bucket }
        ? (store, bucket)
        : throw NoManagedSources.NotHere("a native backup");

    /// <exception cref="NativeSnapshotFailedException">It was waited for long enough.</exception>
    public void RequirePatience(DateTimeOffset now, string state)
    {
        if (now - Cache.Operation!.StartedAt > LongestWait)
        {
            throw new NativeSnapshotFailedException(
                $"ElastiCache was waited for {LongestWait.TotalHours:0} hours, and {state}. Look at the events of {Resource} in ElastiCache, then take the backup again.");
        }
    }
}
