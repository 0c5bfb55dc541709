using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Caches.Replication;

/// <summary>
/// Takes the data set of a Valkey or Redis node the way a replica does: <c>PSYNC ? -1</c>, or <c>SYNC</c> where that is refused. The node forks
/// once and streams an RDB; with <c>rdb-only</c> (Redis 7, Valkey) it keeps no replication buffer for us and closes when it is done.
/// <para>The least ACL: <c>+replconf +psync +info +time</c>, and <c>+sync</c> instead of <c>+psync</c> where only that is left. No key pattern and
/// no channel is needed.</para>
/// <para>We never send <c>REPLCONF ACK</c> or anything else during the transfer. An ACK would start the stream of commands, and a primary waits
/// for nothing from a replica that is not online yet: it cuts one only when a diskless transfer's socket stays full for <c>repl-timeout</c>.</para>
/// </summary>
public sealed class ReplicationSource : ISlicedSource
{
    private readonly CacheAddress _address;
    private readonly ICredentials _credentials;
    private readonly ReplicationOptions _options;
    private readonly TimeProvider _time;

    public ReplicationSource(CacheAddress address, ICredentials credentials, ReplicationOptions options, TimeProvider time)
    {
        _address = address;
        _credentials = credentials;
        _options = options;
        _time = time;
    }

    /// <summary>One attempt, so that one call costs the cache at most one fork.</summary>
    /// <exception cref="CacheUnreachableException">No connection, or it was lost before the data set was asked for.</exception>
    /// <exception cref="CacheTlsException">The TLS handshake failed.</exception>
    /// <exception cref="CacheAccessDeniedException">Wrong credentials, or a right other than that to replicate is missing.</exception>
    /// <exception cref="CacheLoadingException">The node is loading, or is a replica without its primary.</exception>
    /// <exception cref="ReplicationRefusedException">Neither PSYNC nor SYNC is to be had, or it is a node of a cluster that was not known to be one.</exception>
    /// <exception cref="TransferCutException">The node gave up before its first byte.</exception>
    /// <exception cref="TransferStalledException">The node sent nothing, not even keep-alives.</exception>
    /// <exception cref="CacheProtocolException">The node does not answer as a cache does.</exception>
    public Task<SnapshotTransfer> OpenAsync(CancellationToken cancellationToken) => OpenAsync(SliceLimit.None, null, cancellationToken);

    /// <inheritdoc cref="OpenAsync(CancellationToken)"/>
    /// <exception cref="ReplicationRefusedException">It cannot be expected to end in time, or the shard was begun in another way.</exception>
    public async Task<SnapshotTransfer> OpenAsync(SliceLimit slice, ScanHalt? from, CancellationToken cancellationToken)
    {
        if (from is not null)
        {
            throw new ReplicationRefusedException($"The shard at {_address.Endpoint} is half scanned already. Take the backup again.");
        }

        RespConnection connection = await RespConnection
            .ConnectAsync(_address, _credentials, _options.Connection, _time, cancellationToken).ConfigureAwait(false);
        try
        {
            if (await ReplicationFit.FindRefusalAsync(connection, slice, cancellationToken).ConfigureAwait(false) is { } refusal)
            {
                throw new ReplicationRefusedException($"{refusal} Let the method be chosen, which goes on in slices, or back up smaller shards.");
            }

            var handshake = new ReplicationHandshake(connection);
            ReplicationGreeting greeting = await handshake.GreetAsync(cancellationToken).ConfigureAwait(false);
            if (greeting.IsInCluster && _options.Slots is null)
            {
                throw new ReplicationRefusedException(
                    $"{connection.Endpoint} runs in cluster mode, and is known as a cache without: it holds a part of the keys alone. Register the cache anew.");
            }

            connection.EnterTransfer(_options.StallTimeout);
            ReplicationOffer offer = await handshake.RequestAsync(cancellationToken).ConfigureAwait(false);
            return new ReplicationTransfer(connection, greeting, offer, _options.EndMarkSilence);
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
