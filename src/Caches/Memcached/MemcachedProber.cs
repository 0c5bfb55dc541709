using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Caches.Memcached;

/// <summary>Asks a Memcached node what it is, with commands that change nothing.</summary>
internal static class MemcachedProber
{
    public static async Task<CacheProbe> ProbeAsync(
        CacheAddress address, ICredentials credentials, RespConnectionOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        await using MemcachedConnection connection = await MemcachedConnection.ConnectAsync(address, credentials, options, time, cancellationToken).ConfigureAwait(false);
        return (await MemcachedServer.AskAsync(connection, cancellationToken).ConfigureAwait(false)).ToProbe();
    }
}
