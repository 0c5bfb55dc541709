using System.IO.Pipelines;

namespace CacheBackup.Core.Snapshots;

/// <summary>
/// One running transfer. <see cref="Content"/> yields the bytes of a whole RDB file, or of Memcached's items, no more and no less; it
/// completes only after the transfer's own end mark was seen, and otherwise throws <see cref="TransferCutException"/> or
/// <see cref="TransferStalledException"/>. Disposing it closes the connection; the cache keeps nothing for us.
/// </summary>
public abstract class SnapshotTransfer : IAsyncDisposable
{
    public abstract SnapshotOrigin Origin { get; }

    public abstract PipeReader Content { get; }

    /// <summary>The length that the peer announced; null for a diskless transfer.</summary>
    public abstract long? LengthBytes { get; }

    /// <summary>
    /// Once <see cref="Content"/> has ended: where the source was left before the file's end, between two of its entries, because the slice was over.
    /// Null: the file is whole.
    /// </summary>
    public virtual ScanHalt? Halt => null;

    public abstract ValueTask DisposeAsync();
}
