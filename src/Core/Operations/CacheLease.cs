using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>Takes and gives back the one operation that a cache can have at a time.</summary>
internal static class CacheLease
{
    /// <exception cref="CatalogConflictException">The cache is not available, or another operation holds it.</exception>
    public static Task<Cache> TakeAsync(
        BackupCatalog catalog, CacheName name, CacheOperation operation, CacheStatus meanwhile, CancellationToken cancellationToken) =>
        catalog.Caches.ChangeAsync(
            name,
            cache =>
            {
                // Requests that race come to the same generation, and so to the same name of an execution: a hold that reads like this
                // one is another request's all the same. (A write of ours whose acknowledgement was lost is settled before it comes here.)
                if (cache.Operation is { } other)
                {
                    throw new CatalogConflictException(Busy(cache.Name, other));
                }

                if (cache.Generation >= operation.Generation)
                {
                    throw new CatalogConflictException($"Cache {cache.Name} was changed by another request at the same time. Look at it again.");
                }

                return cache.Status == CacheStatus.Available || meanwhile == CacheStatus.Deleting
                    ? cache with { Operation = operation, Generation = operation.Generation, Status = meanwhile, StatusReason = null }
                    : throw new CatalogConflictException($"Cache {cache.Name} is {Text.Of(cache.Status)}, not available.{Because(cache)}");
            },
            cancellationToken);

    /// <summary>As <see cref="ReleaseAsync(BackupCatalog, CacheName, ExecutionId, long, Func{Cache, Cache}, CancellationToken)"/>, and tells it.</summary>
    /// <param name="told">Told first, and only where the operation holds the cache: who comes after a crash tells it again.</param>
    public static async Task ReleaseAsync(
        ServiceParts parts,
        CacheName name,
        ExecutionId execution,
        long generation,
        Func<Cache, Cache> end,
        (EventCode Code, string Message) told,
        CancellationToken cancellationToken)
    {
        if ((await parts.Catalog.Caches.FindAsync(name, cancellationToken))?.Document.IsHeldBy(execution, generation) == true)
        {
            await parts.Events.PublishAsync(
                BackupEvent.Of(told.Code, parts.Time.GetUtcNow(), told.Message, name, null, execution), cancellationToken);
        }

        await ReleaseAsync(parts.Catalog, name, execution, generation, end, cancellationToken);
    }

    /// <summary>Gives the cache back, if the operation still holds it; somebody else's hold is left alone, and so is a cache that is gone.</summary>
    public static async Task ReleaseAsync(
        BackupCatalog catalog, CacheName name, ExecutionId execution, long generation, Func<Cache, Cache> end, CancellationToken cancellationToken)
    {
        try
        {
            await catalog.Caches.ChangeAsync(
                name, cache => cache.IsHeldBy(execution, generation) ? end(cache) with { Operation = null } : cache, cancellationToken);
        }
        catch (NotFoundException)
        {
            // The record is gone, and its operation with it.
        }
    }

    /// <summary>Gives the cache back after a backup, unless the backup was only the first part of what holds the cache: its removal.</summary>
    /// <param name="taken">The backup's shards, which are noted in the cache's record; none where it failed.</param>
    public static async Task ReleaseAfterBackupAsync(
        BackupCatalog catalog, BackupJob job, IReadOnlyList<ShardManifest> taken, CancellationToken cancellationToken)
    {
        try
        {
            await catalog.Caches.ChangeAsync(
                job.Cache,
                cache => cache.IsHeldBy(job.Execution, job.Generation) && cache.Operation!.Kind == OperationKind.Backup
                    ? cache with { Status = CacheStatus.Available, Operation = null, Shards = [.. cache.Shards.Select(shard => Noted(shard, taken))] }
                    : cache,
                cancellationToken);
        }
        catch (NotFoundException)
        {
            // The record is gone, and its operation with it.
        }
    }

    private static CacheShard Noted(CacheShard shard, IReadOnlyList<ShardManifest> taken) =>
        shard with { Last = ShardTransfer.Of(taken.FirstOrDefault(manifest => manifest.Number == shard.Number)) ?? shard.Last };

    public static string Busy(CacheName name, CacheOperation other) =>
        $"Cache {name} is held by a {Text.Of(other.Kind)}"
        + (other.Backup is { } backup ? $" of backup {backup}" : string.Empty)
        + $" since {other.StartedAt:u} (execution {other.Execution}). Wait until it is over, or cancel it.";

    private static string Because(Cache cache) => cache.StatusReason is { } reason ? $" {reason}" : string.Empty;
}
