namespace CacheBackup.Core.Restores;

/// <summary>What a <see cref="RangeWalk"/> hands out, in the order of the file. Memory is valid only during a call.</summary>
internal interface IRangeConsumer
{
    ValueTask OnFunctionAsync(ReadOnlyMemory<byte> librarySource, long offsetBytes, CancellationToken cancellationToken);

    /// <summary>An entry with its value in memory.</summary>
    ValueTask OnEntryAsync(RestoreEntry entry, CancellationToken cancellationToken);

    /// <summary>An entry whose value follows in fragments, exactly <paramref name="valueLengthBytes"/> bytes.</summary>
    ValueTask OnLargeStartAsync(RestoreEntry entryWithoutValue, long valueLengthBytes, CancellationToken cancellationToken);

    ValueTask OnLargeFragmentAsync(ReadOnlyMemory<byte> fragment, CancellationToken cancellationToken);

    ValueTask OnLargeEndAsync(CancellationToken cancellationToken);
}
