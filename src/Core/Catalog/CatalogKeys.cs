using System.Globalization;
using CacheBackup.Core.Model;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Catalog;

/// <summary>Where everything stands in the object store. Persisted: keys may be added, never changed.</summary>
public static class CatalogKeys
{
    private const string ManifestFile = "manifest.json";

    public const string Backups = "catalog/backups/";
    public const string Caches = "catalog/caches/";
    public const string Requests = "catalog/requests/";
    public const string DataRoot = "data/";
    public const string BackupsByTime = "catalog/by-time/";
    public const string BackupsByTag = "catalog/by-tag/";
    public const string EventsRoot = "events/";
    public const string Events = EventsRoot + "by-time/";

    public static string CacheEvents(CacheName cache) => $"{EventsRoot}by-cache/{cache}/";

    public static string BackupEvents(BackupName backup) => $"{EventsRoot}by-backup/{backup}/";

    public static ObjectKey Backup(BackupName name) => new($"{Backups}{name}.json");

    public static ObjectKey Cache(CacheName name) => new($"{Caches}{name}.json");

    public static ObjectKey Request(RequestKey key) => new($"{Requests}{key}.json");

    /// <summary>Everything that belongs to one generation of a backup lies below this.</summary>
    public static string Data(BackupId id) => $"{DataRoot}{id}/";

    /// <summary>The data file that one attempt at a shard writes: an attempt never writes over another's bytes.</summary>
    public static ObjectKey ShardData(BackupId id, int shard, string attempt) => new($"{Data(id)}{Shard(shard)}-{attempt}.rdb");

    public static ObjectKey ShardIndex(BackupId id, int shard, string attempt) => new($"{Data(id)}{Shard(shard)}-{attempt}.index");

    /// <summary>Which attempt at a shard counts: the first one to write this.</summary>
    public static ObjectKey ShardRecord(BackupId id, int shard) => new($"{Data(id)}{Shard(shard)}.json");

    /// <summary>The manifest's copy beside its data, from which a lost catalog is rebuilt.</summary>
    public static ObjectKey ManifestCopy(BackupId id) => new(Data(id) + ManifestFile);

    public static bool IsManifestCopy(ObjectKey key) =>
        key.Value.StartsWith(DataRoot, StringComparison.Ordinal) && key.Value.EndsWith("/" + ManifestFile, StringComparison.Ordinal);

    /// <summary>The reports of every restore into a cache of that name lie below this.</summary>
    public static string Restores(CacheName cache) => $"restores/{cache}/";

    public static string RestoresProgress(CacheName cache) => $"progress/restores/{cache}/";

    /// <summary>The reports of one restore lie below this.</summary>
    public static string Restore(CacheName cache, long generation) =>
        string.Create(CultureInfo.InvariantCulture, $"{Restores(cache)}{generation}/");

    public static ObjectKey RangeReport(CacheName cache, long generation, int range) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{Restore(cache, generation)}range-{range:D4}.json"));

    public static string BackupProgress(BackupId id) => $"progress/backups/{id}/";

    public static string RestoreProgress(CacheName cache, long generation) =>
        string.Create(CultureInfo.InvariantCulture, $"{RestoresProgress(cache)}{generation}/");

    public static ObjectKey Progress(string prefix, int lane) => new(string.Create(CultureInfo.InvariantCulture, $"{prefix}lane-{lane:D4}.json"));

    private static string Shard(int number) => string.Create(CultureInfo.InvariantCulture, $"shard-{number:D4}");
}
