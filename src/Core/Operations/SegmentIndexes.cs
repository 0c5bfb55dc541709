using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Segments;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Operations;

/// <summary>Reads the segment indexes that lie beside the data.</summary>
internal static class SegmentIndexes
{
    // An index is under 0.1 % of its data; a larger one is not ours.
    private const int MaxIndexBytes = 256 * 1024 * 1024;

    /// <exception cref="BackupDamagedException">The index is missing, unreadable, or not that of the recorded data.</exception>
    public static async Task<SegmentIndex> ReadAsync(IObjectStore store, ShardManifest shard, CancellationToken cancellationToken)
    {
        SegmentIndex index = SegmentIndex.Read(await BytesAsync(store, shard, cancellationToken));
        return index.SizeBytes == shard.SizeBytes && index.ContentDigest.ToString() == shard.ContentDigest
            ? index
            : throw new BackupDamagedException($"The segment index {shard.IndexKey} is not that of the data which the manifest records.");
    }

    private static async Task<byte[]> BytesAsync(IObjectStore store, ShardManifest shard, CancellationToken cancellationToken)
    {
        try
        {
            await using ObjectContent content = await store.GetAsync(shard.IndexKey, null, cancellationToken);
            if (content.LengthBytes > MaxIndexBytes)
            {
                throw new BackupDamagedException($"The segment index {shard.IndexKey} has {content.LengthBytes} bytes, more than any index.");
            }

            byte[] bytes = new byte[content.LengthBytes];
            await content.Stream.ReadExactlyAsync(bytes, cancellationToken);
            return bytes;
        }
        catch (ObjectNotFoundException e)
        {
            throw new BackupDamagedException($"The segment index {shard.IndexKey} is gone. Verify the backup.", e);
        }
    }
}
