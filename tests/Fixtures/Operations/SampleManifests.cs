using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Fixtures.Operations;

/// <summary>Manifests as a backup's completion writes them, without the bytes that they describe.</summary>
public static class SampleManifests
{
    public static ShardManifest Shard(int number, long sizeBytes, BackupId? id = null, long keys = 1)
    {
        BackupId owner = id ?? new BackupId("sample");
        return new ShardManifest
        {
            Number = number,
            DataKey = CatalogKeys.ShardData(owner, number, "a"),
            IndexKey = CatalogKeys.ShardIndex(owner, number, "a"),
            SizeBytes = sizeBytes,
            Crc64 = new string('0', 16),
            CrcVerified = true,
            Sha256 = new string('0', 64),
            ContentDigest = new string('0', 64),
            Segments = 1,
            RdbVersion = "REDIS0010",
            Keys = keys,
            ExpiredKeys = 0,
            KeysWithExpiry = 0,
            KeysByType = new Dictionary<string, long> { ["String"] = keys },
            Databases = [new DatabaseContent(0, keys, 0, 0)],
            FunctionLibraries = 0,
            Engine = CacheEngine.Redis,
            ServerVersion = new CacheVersion(7, 0, 15),
            Method = "replication",
            Consistency = SnapshotConsistency.PointInTime,
            ServerTime = DateTimeOffset.UnixEpoch,
            ClockOffset = TimeSpan.Zero,
        };
    }
}
