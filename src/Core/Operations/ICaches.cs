using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Core.Operations;

/// <summary>The way to real caches; everything behind it speaks the engines' protocols.</summary>
public interface ICaches
{
    /// <summary>Asks a node what it is. Leaves it as it was.</summary>
    Task<CacheProbe> ProbeAsync(CacheAddress address, CancellationToken cancellationToken);

    /// <param name="method">One of those that stream from the cache itself.</param>
    /// <param name="slots">Of a node of a cluster, what its shard owns: nothing else of it is asked for. Null: it is no such node.</param>
    /// <param name="scanned">What is scanned where the method leaves that open, or is a scan; null: the address.</param>
    ISnapshotSource Source(CacheAddress address, BackupMethod method, SlotSet? slots = null, CacheAddress? scanned = null);

    /// <summary>Connects to a cache that is to be filled or compared.</summary>
    Task<IRestoreTarget> ConnectTargetAsync(CacheAddress address, CancellationToken cancellationToken);
}
