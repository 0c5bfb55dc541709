using CacheBackup.Core.Model;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Operations;

/// <summary>
/// Holds the data of published backups: until the backup's expiry, or for a number of days where it has none. Set object by object when a
/// backup is complete, so that nothing that is still being written, and no leftover, is ever held.
/// </summary>
/// <param name="store">Where the data is.</param>
/// <param name="daysWithoutExpiry">1 to 36,500.</param>
public sealed class BackupLock(ILockingStore store, int daysWithoutExpiry)
{
    private const int AtOnce = 8;

    /// <summary>Until when a backup that is complete now is held; null: its date has passed already.</summary>
    public DateTimeOffset? UntilFor(Backup backup, DateTimeOffset now)
    {
        DateTimeOffset until = backup.ExpiresAt ?? now.AddDays(daysWithoutExpiry);

        // Whole seconds, as S3 keeps it: what the record says must not be earlier than what the store does.
        until = DateTimeOffset.FromUnixTimeSeconds(until.ToUnixTimeSeconds());
        return until > now ? until : null;
    }

    /// <summary>Holds every data file and index. May be repeated.</summary>
    public Task HoldAsync(Backup backup, DateTimeOffset until, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        backup.Shards.SelectMany(shard => new[] { shard.DataKey, shard.IndexKey }),
        new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
        async (key, token) => await store.LockAsync(key, until, token));

    /// <summary>Holds the copy of the manifest beside the data, as it stands.</summary>
    public Task HoldManifestAsync(ObjectKey manifest, DateTimeOffset until, CancellationToken cancellationToken) =>
        store.LockAsync(manifest, until, cancellationToken);
}
