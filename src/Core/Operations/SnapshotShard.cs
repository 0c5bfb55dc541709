using System.Globalization;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Core.Operations;

/// <summary>
/// Takes one shard and writes its record. An attempt writes under keys of its own; the first attempt whose record is written counts, so
/// that an attempt which was given up on but lives on can do no harm.
/// </summary>
public sealed class SnapshotShard(ServiceParts parts)
{
    /// <exception cref="NoLongerOwnerException">The backup was abandoned or belongs to another execution.</exception>
    public async Task<ShardManifest> RunAsync(BackupJob job, int shard, CancellationToken cancellationToken)
    {
        Cache cache = await parts.Catalog.Caches.GetAsync(job.Cache, cancellationToken);
        Ownership.Check(cache, job.Execution, job.Generation);
        Backup backup = await parts.Catalog.Backups.GetAsync(job.Backup, cancellationToken);
        Ownership.Check(backup, job.Execution, job.Generation);
        CacheShard place = cache.Shards.Single(s => s.Number == shard);
        ClusterShardReading? reading = cache.Topology == CacheTopology.ClusterEnabled
            ? await ClusterShardReading.BeginAsync(parts.Caches, cache, place, cancellationToken)
            : null;
        ShardManifest? taken = await ShardRecords.FindAsync(parts.Store, backup.Id, shard, cancellationToken);
        if (taken is not null && reading?.IsOf(taken) != false)
        {
            return taken;
        }

        string attempt = parts.Ids.Next();
        SnapshotKeys keys = new(CatalogKeys.ShardData(backup.Id, shard, attempt), CatalogKeys.ShardIndex(backup.Id, shard, attempt));
        await using ProgressWriter progress = new(
            parts.Store, CatalogKeys.Progress(CatalogKeys.BackupProgress(backup.Id), shard), parts.Time);
        SnapshotRun run = new(parts.Store, parts.Time, SnapshotOptions.Default with { Slots = reading?.Slots });
        SnapshotResult result = await run.RunAsync(
            parts.Caches.Source(reading?.Address ?? place.Address, cache.BackupMethod, reading?.Slots), keys, progress, cancellationToken);
        ShardManifest manifest = ManifestOf(shard, keys, result);
        if (reading is not null)
        {
            manifest = await reading.EndAsync(manifest, result.ForeignKeys, cancellationToken);
        }

        // An abandoned backup's bytes are not to be counted: whoever owns the record now decides.
        Ownership.Check(await parts.Catalog.Backups.GetAsync(job.Backup, cancellationToken), job.Execution, job.Generation);
        return await ShardRecords.WriteAsync(parts.Store, backup.Id, manifest, cancellationToken, replaced: taken);
    }

    /// <summary>What is recorded of a shard that was stored whole.</summary>
    internal static ShardManifest ManifestOf(int shard, SnapshotKeys keys, SnapshotResult result)
    {
        RdbSummary summary = result.Content.Summary;
        return new ShardManifest
        {
            Number = shard,
            DataKey = keys.Data,
            IndexKey = keys.Index,
            SizeBytes = result.Content.SizeBytes,
            Crc64 = result.Content.Crc64.ToString("x16", CultureInfo.InvariantCulture),
            CrcVerified = summary.CrcState == RdbCrcState.Verified,
            Sha256 = result.Content.Sha256!.Value.ToString(),
            ContentDigest = result.Content.ContentDigest.ToString(),
            Segments = result.Content.Index.Segments.Count,
            RdbVersion = summary.Version.ToString(),
            Keys = summary.Keys,
            ExpiredKeys = summary.ExpiredKeys,
            KeysWithExpiry = summary.KeysWithExpiry,
            KeysByType = summary.Types.ToDictionary(t => t.Key.ToString(), t => t.Value),
            Databases = [.. summary.Databases.Where(d => d.Keys > 0).Select(d => new DatabaseContent(d.Number, d.Keys, d.KeysWithExpiry, d.ExpiredKeys))],
            FunctionLibraries = result.Content.FunctionLibraries,
            LargestItemBytes = summary.LargestItemBytes,
            UsedMemoryBytes = summary.UsedMemoryBytes ?? result.Origin.UsedMemoryBytes,
            Engine = result.Origin.Engine,
            ServerVersion = result.Origin.Version,
            Method = result.Origin.Method,
            Consistency = result.Origin.Consistency,
            Scan = result.Origin.Scan,
            ServerTime = result.Origin.ServerTime,
            ClockOffset = result.Origin.ClockOffset,
        };
    }
}
