using CacheBackup.Core.Model;

namespace CacheBackup.Core.Restores;

/// <summary>
/// A cache that is being filled and read back, over one connection; used by one run at a time, not thread-safe. Entries are pipelined:
/// a call returns when there is room in the window (a bounded number of bytes and replies in flight), and an earlier entry's failure
/// surfaces at a later call or at <see cref="FlushAsync"/>, as <see cref="TargetRefusedException"/>,
/// <see cref="TargetOutOfMemoryException"/>, <see cref="ForeignWriterException"/> or a transient exception.
/// </summary>
public interface IRestoreTarget : IAsyncDisposable
{
    Task<CacheProbe> DescribeAsync(CancellationToken cancellationToken);

    /// <summary>The server's clock, in Unix milliseconds.</summary>
    Task<long> TimeAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Sends <c>RESTORE key ttl payload REPLACE ABSTTL [IDLETIME|FREQ]</c>. The entry's memory may be reused when the call has returned.
    /// </summary>
    ValueTask RestoreAsync(RestoreEntry entry, CancellationToken cancellationToken);

    /// <summary>Begins an entry whose value is not in memory: exactly <paramref name="valueLengthBytes"/> bytes follow.</summary>
    ValueTask BeginLargeAsync(RestoreEntry entryWithoutValue, long valueLengthBytes, CancellationToken cancellationToken);

    ValueTask AppendLargeAsync(ReadOnlyMemory<byte> fragment, CancellationToken cancellationToken);

    ValueTask EndLargeAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Begins a string that is put together from pieces under a temporary key in the same slot, exactly <paramref name="lengthBytes"/> bytes
    /// of them, and gets its own name, at once replacing what is there, and its expiry when it is whole. Idle time and frequency cannot be
    /// kept this way.
    /// </summary>
    ValueTask BeginStringAsync(RestoreEntry entryWithoutValue, long lengthBytes, TemporaryKeys temporaryKeys, CancellationToken cancellationToken);

    /// <summary>The next bytes of the string itself, as clients know it.</summary>
    ValueTask AppendStringAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken);

    ValueTask EndStringAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Begins a collection that is put together by commands under a temporary key in the same slot, which nothing is under when this returns, and
    /// gets its own name, at once replacing what is there, and its expiry when it is whole. Idle time and frequency cannot be kept this way.
    /// </summary>
    /// <returns>The temporary key.</returns>
    ValueTask<ReadOnlyMemory<byte>> BeginElementsAsync(
        RestoreEntry entryWithoutValue, TemporaryKeys temporaryKeys, CancellationToken cancellationToken);

    /// <summary>Sends commands on the temporary key as they are.</summary>
    ValueTask AppendElementsAsync(CommandPart commands, CancellationToken cancellationToken);

    /// <param name="mayVanish">The collection may be gone by now, because all that was in it has expired.</param>
    ValueTask EndElementsAsync(bool mayVanish, CancellationToken cancellationToken);

    /// <summary>What the target takes; asked for once.</summary>
    ValueTask<TargetFormats> FormatsAsync(CancellationToken cancellationToken);

    /// <summary>Removes what attempts that ended half-way left under temporary keys; the number of keys removed.</summary>
    Task<long> RemoveTemporaryAsync(int database, TemporaryKeys temporaryKeys, CancellationToken cancellationToken);

    /// <summary>The longest argument, and the longest string, that the target takes (<c>proto-max-bulk-len</c>), in bytes.</summary>
    Task<long> LongestArgumentBytesAsync(CancellationToken cancellationToken);

    /// <summary>Waits for every reply.</summary>
    ValueTask FlushAsync(CancellationToken cancellationToken);

    /// <summary>Loads one library, replacing one of the same name (<c>FUNCTION LOAD REPLACE</c>).</summary>
    Task LoadFunctionAsync(ReadOnlyMemory<byte> librarySource, CancellationToken cancellationToken);

    /// <summary>The source of every library on the target (<c>FUNCTION LIST WITHCODE</c>); empty where the server has no functions.</summary>
    Task<IReadOnlyList<ReadOnlyMemory<byte>>> ListFunctionsAsync(CancellationToken cancellationToken);

    /// <summary>Reads keys of one database back, pipelined: one answer for each request, in order.</summary>
    Task<IReadOnlyList<ReadBack>> ReadBackAsync(int database, IReadOnlyList<ReadBackRequest> requests, CancellationToken cancellationToken);
}
