namespace CacheBackup.Core.Snapshots;

/// <summary>A source whose data may be taken in several slices, each in a process of its own.</summary>
public interface ISlicedSource : ISnapshotSource
{
    /// <summary>Asks for the data, or for the rest of them.</summary>
    /// <param name="slice">
    /// When to leave. A source that hands out everything at once does not heed it: it judges before its first byte whether there is time enough.
    /// </param>
    /// <param name="from">Where the slice before left; null: this is the first.</param>
    Task<SnapshotTransfer> OpenAsync(SliceLimit slice, ScanHalt? from, CancellationToken cancellationToken);

    /// <summary>The same with a place for a list of keys, for a source that goes on from such a list and not from a cursor.</summary>
    Task<SnapshotTransfer> OpenAsync(SliceLimit slice, ScanHalt? from, KeyListStore lists, CancellationToken cancellationToken) =>
        OpenAsync(slice, from, cancellationToken);
}
