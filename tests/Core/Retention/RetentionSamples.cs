using CacheBackup.Core.Model;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Snapshots;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Tests.Retention;

/// <summary>Backup records as the schedule leaves them.</summary>
internal static class RetentionSamples
{
    public static Backup Backup(
        string cache, DateTimeOffset window, BackupStatus status = BackupStatus.Available, long sizeBytes = 1000, int days = 7) => new()
        {
            Name = BackupName.Automatic(CacheName.Parse(cache), window),
            Id = new BackupId($"id-{window:yyyyMMddHHmm}"),
            Kind = BackupKind.Automatic,
            Status = status,
            Cache = CacheName.Parse(cache),
            Execution = new ExecutionId("test:here:backup:x-1"),
            Generation = 1,
            CreatedAt = window.AddMinutes(3),
            CompletedAt = status is BackupStatus.Available or BackupStatus.Damaged ? window.AddMinutes(4) : null,
            WindowStart = window,
            ExpiresAt = window.AddMinutes(3).AddDays(days),
            Shards = status is BackupStatus.Creating or BackupStatus.Failed ? [] : [Shard(sizeBytes)],
        };

    private static ShardManifest Shard(long sizeBytes) => new()
    {
        Number = 1,
        DataKey = new ObjectKey("data/x/shard-0001-a.rdb"),
        IndexKey = new ObjectKey("data/x/shard-0001-a.index"),
        SizeBytes = sizeBytes,
        Crc64 = "0000000000000000",
        CrcVerified = true,
        Sha256 = new string('0', 64),
        ContentDigest = new string('0', 64),
        Segments = 1,
        RdbVersion = "REDIS0010",
        Keys = 1,
        ExpiredKeys = 0,
        KeysWithExpiry = 0,
        KeysByType = new Dictionary<string, long> { [nameof(RdbType.String)] = 1 },
        Databases = [],
        FunctionLibraries = 0,
        Engine = CacheEngine.Redis,
        ServerVersion = new CacheVersion(7, 0, 15),
        Method = "replication",
        Consistency = SnapshotConsistency.PointInTime,
        ServerTime = DateTimeOffset.UnixEpoch,
        ClockOffset = TimeSpan.Zero,
    };
}
