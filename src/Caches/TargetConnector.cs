using CacheBackup.Caches.Clusters;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Restores;

namespace CacheBackup.Caches;

/// <summary>Connects to what is to be filled or compared: a node by itself, or all primaries of the cluster that it belongs to.</summary>
public static class TargetConnector
{
    /// <summary>Errors are those of <see cref="RespConnection.ConnectAsync"/>.</summary>
    /// <exception cref="Core.Snapshots.ClusterUnsettledException">It is a node of a cluster that has slots without a primary.</exception>
    public static async Task<IRestoreTarget> ConnectAsync(
        CacheAddress address, ICredentials credentials, RespConnectionOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        RespTarget node = await RespTarget.ConnectAsync(address, credentials, options, time, cancellationToken);
        try
        {
            return await node.FindClusterAsync(cancellationToken) is { } map
                ? await ClusterTarget.ConnectAsync(
                    node, map, endpoint => RespTarget.ConnectAsync(address with { Endpoint = endpoint }, credentials, options, time, cancellationToken))
                : node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }
}
