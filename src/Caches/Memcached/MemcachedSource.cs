using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Caches.Memcached;

/// <summary>
/// Streams a Memcached node's items: every item that is there throughout, with its value, flags and expiry as they are at a moment of its
/// own. Nothing on the node changes by it, not even which items are recently used.
/// </summary>
public sealed class MemcachedSource(CacheAddress address, ICredentials credentials, MemcachedOptions options, TimeProvider time) : ISnapshotSource
{
    /// <exception cref="CacheUnreachableException">No connection, or it was lost before the data were asked for.</exception>
    /// <exception cref="CacheTlsException">The TLS handshake failed.</exception>
    /// <exception cref="CacheAccessDeniedException">Wrong credentials, or none where the node wants them.</exception>
    /// <exception cref="CacheProtocolException">What answers is no Memcached that can be read.</exception>
    /// <exception cref="ScanRefusedException">The node lists no keys.</exception>
    public async Task<SnapshotTransfer> OpenAsync(CancellationToken cancellationToken)
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
                : new MemcachedTransfer(connections[0], connections[1..], server, options, time);
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
}
