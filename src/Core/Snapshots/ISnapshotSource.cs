namespace CacheBackup.Core.Snapshots;

/// <summary>Something that can hand out the bytes of one shard.</summary>
public interface ISnapshotSource
{
    /// <summary>
    /// Connects, authenticates and asks for the data; returns when the first bytes are about to come, however long the server takes to
    /// begin (keep-alives count as life).
    /// </summary>
    Task<SnapshotTransfer> OpenAsync(CancellationToken cancellationToken);
}
