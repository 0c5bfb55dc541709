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

    /// <summary>Sends <c>RESTORE key ttl payload REPLACE ABSTTL [IDLETIME|FREQ]</c>.</summary>
    ValueTask RestoreAsync(RestoreEntry entry, CancellationToken cancellationToken);

    /// <summary>Begins an entry whose value is not in memory: exactly <paramref name="valueLengthBytes"/> bytes follow.</summary>
    ValueTask BeginLargeAsync(RestoreEntry entryWithoutValue, long valueLengthBytes, CancellationToken cancellationToken);

    ValueTask AppendLargeAsync(ReadOnlyMemory<byte> fragment, CancellationToken cancellationToken);

    ValueTask EndLargeAsync(CancellationToken cancellationToken);

    /// <summary>Waits for every reply.</summary>
    ValueTask FlushAsync(CancellationToken cancellationToken);

    /// <summary>Loads one library, replacing one of the same name (<c>FUNCTION LOAD REPLACE</c>).</summary>
    Task LoadFunctionAsync(ReadOnlyMemory<byte> librarySource, CancellationToken cancellationToken);

    /// <summary>The source of every library on the target (<c>FUNCTION LIST WITHCODE</c>); empty where the server has no functions.</summary>
    Task<IReadOnlyList<ReadOnlyMemory<byte>>> ListFunctionsAsync(CancellationToken cancellationToken);

    /// <summary>Reads keys of one database back, pipelined: one answer for each request, in order.</summary>
    Task<IReadOnlyList<ReadBack>> ReadBackAsync(int database, IReadOnlyList<ReadBackRequest> requests, CancellationToken cancellationToken);
}
