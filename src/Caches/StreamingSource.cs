using CacheBackup.Caches.Probe;
using CacheBackup.Caches.Replication;
using CacheBackup.Caches.Scan;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Caches;

/// <summary>
/// Streams a node's data by the way that it offers: by replication, which stands for one instant and costs the least, and by scan where replication
/// is refused or would not come to its end in the time of one call. The origin says which way was taken, and why.
/// </summary>
/// <param name="address">What is asked for replication.</param>
/// <param name="scanned">What is scanned: in a cluster the primary, whichever node is asked first. A replica answers for no key there.</param>
/// <param name="credentials">For both.</param>
/// <param name="replication">Slots, time-outs and buffers of the one way.</param>
/// <param name="scan">Those of the other.</param>
/// <param name="time">The clock of both.</param>
public sealed class StreamingSource(
    CacheAddress address, CacheAddress scanned, ICredentials credentials, ReplicationOptions replication, ScanOptions scan, TimeProvider time) : ISlicedSource
{
    /// <exception cref="CacheUnreachableException">No connection, or it was lost before the data were asked for.</exception>
    /// <exception cref="CacheTlsException">The TLS handshake failed.</exception>
    /// <exception cref="CacheAccessDeniedException">Wrong credentials, or a right is missing that both ways need.</exception>
    /// <exception cref="CacheLoadingException">The node is loading, or is a replica without its primary.</exception>
    /// <exception cref="ScanRefusedException">Replication is refused, and the cache cannot be scanned either.</exception>
    public Task<SnapshotTransfer> OpenAsync(CancellationToken cancellationToken) => OpenAsync(SliceLimit.None, null, cancellationToken);

    /// <inheritdoc cref="OpenAsync(CancellationToken)"/>
    public async Task<SnapshotTransfer> OpenAsync(SliceLimit slice, ScanHalt? from, CancellationToken cancellationToken)
    {
        if (from is not null)
        {
            // What came by replication comes in one piece: only a scan leaves anything to go on from.
            return await ScanAsync(null, slice, from, cancellationToken).ConfigureAwait(false);
        }

        if (await FindRefusalAsync(slice, cancellationToken).ConfigureAwait(false) is { } refusal)
        {
            return await ScanAsync(refusal, slice, null, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            return await new ReplicationSource(address, credentials, replication, time).OpenAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ReplicationRefusedException)
        {
            return await ScanAsync("Replication was refused when it was asked for.", slice, null, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<string?> FindRefusalAsync(SliceLimit slice, CancellationToken cancellationToken)
    {
        await using RespConnection connection = await RespConnection
            .ConnectAsync(address, credentials, replication.Connection, time, cancellationToken).ConfigureAwait(false);
        return await ReplicationRights.FindRefusalAsync(connection, cancellationToken).ConfigureAwait(false)
            ?? await ReplicationFit.FindRefusalAsync(connection, slice, cancellationToken).ConfigureAwait(false);
    }

    private Task<SnapshotTransfer> ScanAsync(string? reason, SliceLimit slice, ScanHalt? from, CancellationToken cancellationToken) =>
        new ScanSource(scanned, credentials, scan, time) { Reason = reason?.TrimEnd('.') }.OpenAsync(slice, from, cancellationToken);
}
