using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CacheBackup.Core.Model;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Catalog;

/// <summary>Where everything stands in the object store. Persisted: keys may be added, never changed.</summary>
public static class CatalogKeys
{
    private const string ManifestFile = "manifest.json";

    public const string Backups = "catalog/backups/";
    public const string Caches = "catalog/caches/";
    public const string DataRoot = "data/";
    public const string BackupsByTime = "catalog/by-time/";
    public const string BackupsByData = "catalog/by-data/";
    public const string BackupsByTag = "catalog/by-tag/";

    /// <summary>How far each week's sweep through the backups has come.</summary>
    public const string Sweeps = "sweeps/";

    public const string Exports = "catalog/exports/";
    public const string EventsRoot = "events/";
    public const string Events = EventsRoot + "by-time/";

    /// <summary>Index: when the schedule has to look at which cache, in the order of time.</summary>
    public const string DueTimes = "catalog/due/";

    /// <summary>What requests have done under an idempotency key, kept 24 hours.</summary>
    public const string Requests = "catalog/requests/";

    /// <summary>That a cache of that name was removed, and did not merely lose its record.</summary>
    public static ObjectKey RemovedCache(CacheName cache) => new($"catalog/removed/{cache}");

    public const string RestoresRoot = "restores/";
    public const string BackupsProgressRoot = "progress/backups/";
    public const string RestoresProgressRoot = "progress/restores/";

    public const string AllAutomaticBackups = Backups + "automatic.";

    /// <summary>Exports of native snapshots that are under way.</summary>
    public const string NativeExports = "catalog/native-exports/";

    private const string BehindTimes = DueTimes + "0-behind-";
    private const string DocumentEnd = ".json";
    private const string DueFormat = "yyyyMMddHHmm";

    /// <summary>The newest time that the purge believed.</summary>
    public static ObjectKey ClockMark { get; } = new("catalog/clock.json");

    public static ObjectKey DueTime(DateTimeOffset at, CacheName cache) =>
        new($"{DueTimes}{at.UtcDateTime.ToString(DueFormat, CultureInfo.InvariantCulture)}/{cache}");

    /// <summary>The time and the cache behind <see cref="DueTime"/>; null where the key is no such key.</summary>
    public static (DateTimeOffset At, CacheName Cache)? ParseDueTime(ObjectKey key) =>
        key.Value.Split('/') is [_, _, var time, var name]
        && DateTimeOffset.TryParseExact(
            time, DueFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset at)
        && CacheName.TryParse(name, out CacheName cache)
            ? (at, cache)
            : null;

    /// <summary>
    /// Index: which cache is behind its schedule since when. Stands before all of the due times, so that the tick's one LIST shows the
    /// one that is behind for longest first.
    /// </summary>
    public static ObjectKey BehindTime(DateTimeOffset since, CacheName cache) =>
        new($"{BehindTimes}{since.UtcDateTime.ToString(DueFormat, CultureInfo.InvariantCulture)}/{cache}");

    /// <summary>The time and the cache behind <see cref="BehindTime"/>; null where the key is no such key.</summary>
    public static (DateTimeOffset Since, CacheName Cache)? ParseBehindTime(ObjectKey key) =>
        key.Value.StartsWith(BehindTimes, StringComparison.Ordinal)
        && ParseDueTime(new ObjectKey(DueTimes + key.Value[BehindTimes.Length..])) is { } behind
            ? (behind.At, behind.Cache)
            : null;

    public static string CacheEvents(CacheName cache) => $"{EventsRoot}by-cache/{cache}/";

    public static string BackupEvents(BackupName backup) => $"{EventsRoot}by-backup/{backup}/";

    public static ObjectKey Backup(BackupName name) => new($"{Backups}{name}.json");

    public static ObjectKey Cache(CacheName name) => new($"{Caches}{name}.json");

    public static ObjectKey Request(RequestKey key) => new($"{Requests}{key}.json");

    /// <summary>The automatic backups of a cache, and of caches whose name begins like it, begin so.</summary>
    public static string AutomaticBackups(CacheName cache) => $"{AllAutomaticBackups}{cache}-";

    /// <summary>The name of the backup whose document that is; null where the key is none.</summary>
    public static BackupName? ParseBackup(ObjectKey key)
    {
        string text = key.Value;
        if (!text.StartsWith(Backups, StringComparison.Ordinal) || !text.EndsWith(DocumentEnd, StringComparison.Ordinal))
        {
            return null;
        }

        try
        {
            return BackupName.FromCatalog(text[Backups.Length..^DocumentEnd.Length]);
        }
        catch (InvalidRequestException)
        {
            return null;
        }
    }

    public static ObjectKey Export(ExportId id) => new($"{Exports}{id}.json");

    public static string ExportProgress(ExportId id, long generation) =>
        string.Create(CultureInfo.InvariantCulture, $"progress/exports/{id}/{generation}/");

    /// <summary>Everything that belongs to one generation of a backup lies below this.</summary>
    public static string Data(BackupId id) => $"{DataRoot}{id}/";

    /// <summary>The data file that one attempt at a shard writes: an attempt never writes over another's bytes.</summary>
    public static ObjectKey ShardData(BackupId id, int shard, string attempt) => new($"{Data(id)}{Shard(shard)}-{attempt}.rdb");

    public static ObjectKey ShardIndex(BackupId id, int shard, string attempt) => new($"{Data(id)}{Shard(shard)}-{attempt}.index");

    /// <summary>What the slices of shards leave for each other, while a backup is being taken, lies below this.</summary>
    public static string Slices(BackupId id) => $"{Data(id)}slices/";

    /// <summary>How far the slices of one shard have come.</summary>
    public static ObjectKey SnapshotCheckpoint(BackupId id, int shard) => new($"{Slices(id)}{Shard(shard)}.json");

    /// <summary>What one call leaves.</summary>
    public static ObjectKey SnapshotSlice(BackupId id, int shard, string attempt) => new($"{Slices(id)}{Shard(shard)}-{attempt}.slice");

    /// <summary>The keys that one call has listed, for those that follow.</summary>
    public static ObjectKey SnapshotKeyList(BackupId id, int shard, string attempt) => new($"{Slices(id)}{Shard(shard)}-{attempt}.keys");

    /// <summary>Which attempt at a shard counts: the first one to write this.</summary>
    public static ObjectKey ShardRecord(BackupId id, int shard) => new($"{Data(id)}{Shard(shard)}.json");

    /// <summary>The manifest's copy beside its data, from which a lost catalog is rebuilt.</summary>
    public static ObjectKey ManifestCopy(BackupId id) => new(Data(id) + ManifestFile);

    public static bool IsManifestCopy(ObjectKey key) =>
        key.Value.StartsWith(DataRoot, StringComparison.Ordinal) && key.Value.EndsWith("/" + ManifestFile, StringComparison.Ordinal);

    /// <summary>The reports of one verification lie below this, and go with the backup at the latest.</summary>
    public static string VerifyReports(BackupId id, long generation) =>
        string.Create(CultureInfo.InvariantCulture, $"{Data(id)}verify/{generation}/");

    public static ObjectKey VerifyReport(BackupId id, long generation, int shard) => new($"{VerifyReports(id, generation)}{Shard(shard)}.json");

    public static string VerifyProgress(BackupId id, long generation) =>
        string.Create(CultureInfo.InvariantCulture, $"progress/verifications/{id}/{generation}/");

    public static ObjectKey Sweep(string week) => new($"{Sweeps}{week}.json");

    /// <summary>The reports of every restore into a cache of that name lie below this.</summary>
    public static string Restores(CacheName cache) => $"restores/{cache}/";

    public static string RestoresProgress(CacheName cache) => $"progress/restores/{cache}/";

    /// <summary>The reports of one restore lie below this.</summary>
    public static string Restore(CacheName cache, long generation) =>
        string.Create(CultureInfo.InvariantCulture, $"{Restores(cache)}{generation}/");

    /// <summary>The work of one restore, dealt to lanes; written once.</summary>
    public static ObjectKey RestorePlan(CacheName cache, long generation) => new($"{Restore(cache, generation)}plan.json");

    /// <summary>How far one lane of it has come.</summary>
    public static ObjectKey RestoreLane(CacheName cache, long generation, int lane) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{Restore(cache, generation)}lane-{lane:D4}.json"));

    /// <summary>In the exchange bucket: the files of one restore that ElastiCache reads lie below this.</summary>
    public static string Staged(CacheName cache, long generation) => string.Create(CultureInfo.InvariantCulture, $"staged/{cache}/{generation}/");

    /// <summary>In the exchange bucket: one shard's file. ElastiCache takes no key with a comma in it.</summary>
    public static ObjectKey StagedFile(CacheName cache, long generation, int shard) => new($"{Staged(cache, generation)}{Shard(shard)}.rdb");

    /// <summary>Which execution fills an endpoint of a user's; there only meanwhile. A digest, since a key may not hold any host name.</summary>
    public static ObjectKey EndpointClaim(CacheEndpoint endpoint) =>
        new($"claims/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(endpoint.ToString().ToLowerInvariant())).AsSpan(0, 16))}");

    public static string BackupProgress(BackupId id) => $"progress/backups/{id}/";

    public static string RestoreProgress(CacheName cache, long generation) =>
        string.Create(CultureInfo.InvariantCulture, $"{RestoresProgress(cache)}{generation}/");

    public static ObjectKey Progress(string prefix, int lane) => new(string.Create(CultureInfo.InvariantCulture, $"{prefix}lane-{lane:D4}.json"));

    /// <summary>Whose data this is, written before its first byte: by it the purge knows the execution that left an orphan.</summary>
    public static ObjectKey Owner(BackupId id) => new($"{Data(id)}owner.json");

    public static ObjectKey NativeExport(NativeExportName name) => new($"{NativeExports}{name}.json");

    /// <summary>Which files of the exchange bucket become the shards of this backup.</summary>
    public static ObjectKey NativeFiles(BackupId id) => new($"{Data(id)}native.json");

    private static string Shard(int number) => string.Create(CultureInfo.InvariantCulture, $"shard-{number:D4}");
}
