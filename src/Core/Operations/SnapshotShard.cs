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
    /// <summary>Takes all of it in one call.</summary>
    /// <exception cref="NoLongerOwnerException">The backup was abandoned or belongs to another execution.</exception>
    public async Task<ShardManifest> RunAsync(BackupJob job, int shard, CancellationToken cancellationToken) =>
        await RunAsync(job, shard, SliceLimit.None, cancellationToken) ?? throw new InvalidOperationException("A slice without a limit ended before its time.");

    /// <summary>Takes as much as the limit allows.</summary>
    /// <returns>Null: another call has to go on.</returns>
    /// <exception cref="NoLongerOwnerException">The backup was abandoned, or belongs to another execution; or another call goes on with the shard.</exception>
    public async Task<ShardManifest?> RunAsync(BackupJob job, int shard, SliceLimit limit, CancellationToken cancellationToken)
    {
        Cache cache = await parts.Catalog.Caches.GetAsync(job.Cache, cancellationToken);
        Ownership.Check(cache, job.Execution, job.Generation);
        Backup backup = await parts.Catalog.Backups.GetAsync(job.Backup, cancellationToken);
        Ownership.Check(backup, job.Execution, job.Generation);
        CacheShard place = cache.Shards.Single(s => s.Number == shard);
        ShardManifest? recorded = await ShardRecords.FindAsync(parts.Store, backup.Id, shard, cancellationToken);
        if (recorded is not null && cache.Topology != CacheTopology.ClusterEnabled)
        {
            return recorded;
        }

        IShardReading? reading = await BeginReadingAsync(cache, place, backup.Id, cancellationToken);
        if (recorded is not null && reading is ClusterShardReading ofCluster && ofCluster.IsOf(recorded))
        {
            return recorded;
        }

        string attempt = parts.Ids.Next();
        SnapshotKeys keys = new(CatalogKeys.ShardData(backup.Id, shard, attempt), CatalogKeys.ShardIndex(backup.Id, shard, attempt));
        await using ProgressWriter progress = new(
            parts.Store, CatalogKeys.Progress(CatalogKeys.BackupProgress(backup.Id), shard), parts.Time);
        ISnapshotSource source = parts.Caches.Source(reading?.Address ?? place.Address, cache.BackupMethod, reading?.Slots, reading?.Scanned);
        SlicedSnapshot slices = SlicesOf(backup.Id, place, attempt, reading);
        SlicedResult? taken = await TakeAsync(source, slices, keys, limit with { Last = place.Last }, reading?.Slots, progress, cancellationToken);
        ShardManifest? manifest = taken is null ? null : ManifestOf(shard, taken.Keys, taken.Result);
        if (reading is not null)
        {
            manifest = await EndAsync(reading, slices, manifest, taken?.Result.ForeignKeys ?? 0, cancellationToken);
        }

        if (manifest is null)
        {
            return null;
        }

        // An abandoned backup's bytes are not to be counted: whoever owns the record now decides.
        Ownership.Check(await parts.Catalog.Backups.GetAsync(job.Backup, cancellationToken), job.Execution, job.Generation);
        return await ShardRecords.WriteAsync(parts.Store, backup.Id, manifest, cancellationToken, replaced: recorded);
    }

    /// <returns>Null: there is one node, and no other to choose.</returns>
    private async Task<IShardReading?> BeginReadingAsync(Cache cache, CacheShard shard, BackupId id, CancellationToken cancellationToken)
    {
        if (cache.Engine == CacheEngine.Memcached)
        {
            return null;
        }

        return cache.Topology == CacheTopology.ClusterEnabled
            ? await ClusterShardReading.BeginAsync(parts, cache, shard, cancellationToken)
            : await PlainShardReading.BeginAsync(
                parts,
                cache,
                shard,
                async token => (await SnapshotLease.LookAsync(parts.Store, CatalogKeys.SnapshotCheckpoint(id, shard.Number), token))?.Position?.Endpoint,
                cancellationToken);
    }

    private SlicedSnapshot SlicesOf(BackupId id, CacheShard place, string attempt, IShardReading? reading)
    {
        int shard = place.Number;
        SliceKeys places = new(
            CatalogKeys.SnapshotCheckpoint(id, shard), CatalogKeys.SnapshotSlice(id, shard, attempt), CatalogKeys.SnapshotKeyList(id, shard, attempt));
        SnapshotOptions options = SnapshotOptions.Of(place.Address.Engine) with { Slots = reading?.Slots };
        return new SlicedSnapshot(parts.Store, places, parts.Time, options) { Subject = reading?.Subject };
    }

    private async Task<SlicedResult?> TakeAsync(
        ISnapshotSource source,
        SlicedSnapshot slices,
        SnapshotKeys keys,
        SliceLimit limit,
        SlotSet? slots,
        ProgressWriter progress,
        CancellationToken cancellationToken)
    {
        if (source is ISlicedSource sliced)
        {
            return await slices.RunAsync(sliced, keys, parts.Slices.Within(limit), progress, cancellationToken);
        }

        SnapshotRun run = new(parts.Store, parts.Time, SnapshotOptions.Default with { Slots = slots });
        return new SlicedResult(keys, await run.RunAsync(source, keys, progress, cancellationToken));
    }

    /// <summary>What the slices of a shard have taken that was not the same all the while is of no use to the calls that follow.</summary>
    private static async Task<ShardManifest?> EndAsync(
        IShardReading reading, SlicedSnapshot slices, ShardManifest? manifest, long foreignKeys, CancellationToken cancellationToken)
    {
        try
        {
            return await reading.EndAsync(manifest, foreignKeys, cancellationToken);
        }
        catch (Exception e) when (e is ClusterUnsettledException or TransferCutException)
        {
            await slices.SpoilAsync(cancellationToken);
            throw;
        }
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
            Sha256 = result.Content.Sha256?.ToString(),
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
            Duration = result.Duration,
            Scan = result.Origin.Scan,
            ServerTime = result.Origin.ServerTime,
            ClockOffset = result.Origin.ClockOffset,
        };
    }
}
