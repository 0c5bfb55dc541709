namespace CacheBackup.Core.Model;

/// <summary>What the last backup of a shard was like, for a guess at the next. Persisted in the cache's record.</summary>
/// <param name="Bytes">Of the file.</param>
/// <param name="BytesPerSecond">From asking for it to its last acknowledgement; null where it did not come in one piece.</param>
public sealed record ShardTransfer(long Bytes, double? BytesPerSecond = null)
{
    public static ShardTransfer? Of(ShardManifest? taken) => taken is null
        ? null
        : new ShardTransfer(
            taken.SizeBytes,
            taken is { Scan: null, Duration: { Ticks: > 0 } duration } ? taken.SizeBytes / duration.TotalSeconds : null);
}
