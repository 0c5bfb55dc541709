using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Caches.Memcached;

/// <summary>
/// Streams a Memcached node's items: every item that is there throughout, with its value, flags and expiry as they are at a moment of its
/// own. Nothing on the node changes by it, not even which items are recently used.
/// </summary>
public sealed class MemcachedSource(CacheAddress address, ICredentials credentials, MemcachedOptions options, TimeProvider time) : ISlicedSource
{
    /// <exception cref="CacheUnreachableException">No connection, or it was lost before the data were asked for.</exception>
    /// <exception cref="CacheTlsException">The TLS handshake failed.</exception>
    /// <exception cref="CacheAccessDeniedException">Wrong credentials, or none where the node wants them.</exception>
    /// <exception cref="CacheProtocolException">What answers is no Memcached that can be read.</exception>
    /// <exception cref="ScanRefusedException">The node lists no keys.</exception>
    public Task<SnapshotTransfer> OpenAsync(CancellationToken cancellationToken) =>
        OpenAsync(server => new MemcachedSlice { Before = server }, cancellationToken);

    /// <summary>Without a place for the list everything is taken in one slice, whatever the limit.</summary>
    /// <exception cref="ArgumentException">The shard was begun before, and that needs the list.</exception>
    /// <inheritdoc cref="OpenAsync(CancellationToken)"/>
    public Task<SnapshotTransfer> OpenAsync(SliceLimit slice, ScanHalt? from, CancellationToken cancellationToken) => from is null
        ? OpenAsync(cancellationToken)
        : throw new ArgumentException("Items are gone on with from the list of their keys: name where it is.", nameof(from));

    /// <inheritdoc cref="OpenAsync(CancellationToken)"/>
    /// <exception cref="CacheEmptiedException">The node was restarted or flushed since the slice before.</exception>
    public Task<SnapshotTransfer> OpenAsync(SliceLimit slice, ScanHalt? from, KeyListStore lists, CancellationToken cancellationToken) => OpenAsync(
        server =>
        {
            if (from is not null)
            {
                RequireSame(from.Position, server);
            }

            return new MemcachedSlice { Before = server, Limit = slice, From = from?.Position, Lists = lists };
        },
        cancellationToken);

    private async Task<SnapshotTransfer> OpenAsync(Func<MemcachedServer, MemcachedSlice> begin, CancellationToken cancellationToken)
    {
        options.Validate();
        List<MemcachedConnection> connections = [];
        try
        {
            MemcachedServer? server = null;
            for (int i = 0; i <= options.Connections; i++)
            {
                connections.Add(await MemcachedConnection.ConnectAsync(address, credentials, options.Connection, time, cancellationToken).ConfigureAwait(false));
                MemcachedServer asked = await MemcachedServer.AskAsync(connections[^1], cancellationToken).ConfigureAwait(false);
                server ??= asked;
                RequireSame(server, asked);
            }

            return server!.ListRefusal is { } refusal
                ? throw new ScanRefusedException($"{address.Endpoint} cannot be backed up: {refusal}")
                : new MemcachedTransfer(connections[0], connections[1..], begin(server), options, time);
        }
        catch
        {
            foreach (MemcachedConnection connection in connections)
            {
                await connection.DisposeAsync().ConfigureAwait(false);
            }

            throw;
        }
    }

    /// <summary>A name may lead to several nodes, each with items of its own.</summary>
    private void RequireSame(MemcachedServer first, MemcachedServer other)
    {
        if (first.RunId != other.RunId)
        {
            throw new InvalidRequestException($"{address.Endpoint} leads to several Memcached nodes. Name each node by itself: one is one shard.");
        }
    }

    /// <summary>What the slices before have taken is still what the node holds, save for what changes all the time.</summary>
    private void RequireSame(ScanPosition position, MemcachedServer now)
    {
        if (now.FindUpheaval(position.RunId, position.Upheavals) is { } upheaval)
        {
            throw new CacheEmptiedException(
                $"{address.Endpoint} {upheaval}, {position.FileKeys:N0} of {position.Report.Listed ?? 0:N0} items having been taken: the others are gone. "
                + "Take the backup again, of what the node holds now.");
        }
    }
}
