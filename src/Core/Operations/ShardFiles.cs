using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Segments;

namespace CacheBackup.Core.Operations;

/// <summary>What a manifest says of its data files.</summary>
internal static class ShardFiles
{
    /// <exception cref="BackupDamagedException">The manifest holds something else.</exception>
    public static Sha256Digest DigestOf(ShardManifest shard) => Sha256Digest.TryParse(shard.Sha256, out Sha256Digest digest)
        ? digest
        : throw new BackupDamagedException($"The manifest records no SHA-256 of {shard.DataKey}. Verify the backup.");
}
