using System.Security.Cryptography;
using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Segments;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Operations;

/// <summary>What a manifest says of its data files.</summary>
internal static class ShardFiles
{
    /// <summary>
    /// The SHA-256 of the whole file, as recorded. A file that was written in several calls has none: then it is read once, its segments are held against
    /// their digests, which make up the one that is recorded, and what this finds is as good.
    /// </summary>
    /// <param name="store">Holds the file.</param>
    /// <exception cref="BackupDamagedException">The manifest holds something else, or the file is not the recorded one.</exception>
    public static async Task<Sha256Digest> DigestAsync(IObjectStore store, ShardManifest shard, TimeProvider time, CancellationToken cancellationToken)
    {
        if (shard.Sha256 is { } recorded)
        {
            return Sha256Digest.TryParse(recorded, out Sha256Digest digest)
                ? digest
                : throw new BackupDamagedException($"The manifest records no SHA-256 of {shard.DataKey}. Verify the backup.");
        }

        // Whose digests are not those that the manifest's one is made of is refused as it is read.
        SegmentIndex index = await SegmentIndexes.ReadAsync(store, shard, cancellationToken);
        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var segment = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        int number = 0;
        long left = index.Segments[0].LengthBytes;
        await ObjectCopy.ReadAsync(
            store,
            shard.DataKey,
            shard.SizeBytes,
            time,
            (bytes, _) =>
            {
                whole.AppendData(bytes.Span);
                while (!bytes.IsEmpty)
                {
                    int count = (int)Math.Min(left, bytes.Length);
                    segment.AppendData(bytes.Span[..count]);
                    bytes = bytes[count..];
                    left -= count;
                    if (left == 0)
                    {
                        Require(shard, index.Segments[number], segment.Finish());
                        left = ++number < index.Segments.Count ? index.Segments[number].LengthBytes : long.MaxValue;
                    }
                }

                return ValueTask.CompletedTask;
            },
            cancellationToken);
        return whole.Finish();
    }

    private static void Require(ShardManifest shard, Segment segment, Sha256Digest found)
    {
        if (found != segment.Sha256)
        {
            throw new BackupDamagedException($"Segment {segment.Number} of '{shard.DataKey}' has another SHA-256 than was recorded. Verify the backup.");
        }
    }
}
