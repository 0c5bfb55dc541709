using CacheBackup.Caches.Memcached;
using CacheBackup.Caches.Probe;
using CacheBackup.Caches.Replication;
using CacheBackup.Caches.Scan;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Caches;

/// <summary>Real caches over the wire.</summary>
/// <param name="connection">Null: the usual ones.</param>
public sealed class LiveCaches(ICredentials credentials, TimeProvider time, RespConnectionOptions? connection = null) : ICaches
{
    private readonly RespConnectionOptions _connection = connection ?? RespConnectionOptions.Default;

    /// <summary>Values that a scan takes in pieces; null: none.</summary>
    public PieceOptions? Pieces { get; init; }

    public async Task<CacheProbe> ProbeAsync(CacheAddress address, CancellationToken cancellationToken)
    {
        if (address.Engine == CacheEngine.Memcached)
        {
            return await MemcachedProber.ProbeAsync(address, credentials, _connection, time, cancellationToken);
        }

        await using RespConnection connection = await RespConnection.ConnectAsync(address, credentials, _connection, time, cancellationToken);
        return await CacheProber.ProbeAsync(connection, cancellationToken);
    }

    public ISnapshotSource Source(CacheAddress address, BackupMethod method, SlotSet? slots = null, CacheAddress? scanned = null)
    {
        if (address.Engine == CacheEngine.Memcached)
        {
            return method is BackupMethod.Stream or BackupMethod.Scan
                ? new MemcachedSource(address, credentials, MemcachedOptions.Default with { Connection = _connection }, time)
                : throw new InvalidRequestException("Memcached has no replication: leave the method out.");
        }

        ReplicationOptions replication = ReplicationOptions.Default with { Connection = _connection, Slots = slots };
        ScanOptions scan = ScanOptions.Default with { Connection = _connection, Slots = slots, Pieces = Pieces };
        return method switch
        {
            BackupMethod.Stream => new StreamingSource(address, scanned ?? address, credentials, replication, scan, time),
            BackupMethod.Replication => new ReplicationSource(address, credentials, replication, time),
            BackupMethod.Scan => new ScanSource(scanned ?? address, credentials, scan, time),
            _ => throw new ArgumentOutOfRangeException(nameof(method), method, "Only what a cache streams itself has a source here"),
        };
    }

    public async Task<IRestoreTarget> ConnectTargetAsync(CacheAddress address, CancellationToken cancellationToken) =>
        address.Engine == CacheEngine.Memcached
            ? await MemcachedTarget.ConnectAsync(address, credentials, _connection, time, cancellationToken)
            : await TargetConnector.ConnectAsync(address, credentials, _connection, time, cancellationToken);
}
