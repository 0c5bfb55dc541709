using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Snapshots;
using CacheBackup.Fixtures.Snapshots;

namespace CacheBackup.Fixtures.Operations;

/// <summary>Caches that answer as a test says.</summary>
public sealed class ScriptedCaches : ICaches
{
    /// <summary>What a probe finds.</summary>
    public CacheProbe Probe { get; set; } = new()
    {
        Engine = CacheEngine.Redis,
        Version = new CacheVersion(7, 0, 15),
        RunId = "0123456789abcdef",
        ServerTime = DateTimeOffset.UnixEpoch,
        ClusterEnabled = false,
        IsReplica = false,
        IsLoading = false,
        KeysByDatabase = new Dictionary<int, long>(),
        ExpiringKeysByDatabase = new Dictionary<int, long>(),
        UsedMemoryBytes = 1_000_000,
        MaxMemoryBytes = 0,
        TotalSystemMemoryBytes = 1_000_000_000,
    };

    /// <summary>The data that a snapshot of any of them takes.</summary>
    public byte[] Data { get; set; } = SampleRdb.File(keys: 5, valueBytes: 20);

    /// <summary>Called when a snapshot begins: the place where a test lets something happen in the meantime.</summary>
    public Func<Task> WhenOpened { get; set; } = () => Task.CompletedTask;

    /// <summary>The target that is connected to; null: nothing may connect.</summary>
    public Func<IRestoreTarget>? Target { get; set; }

    /// <summary>How many snapshots began.</summary>
    public int Opened { get; private set; }

    /// <summary>What a probe finds at an address, where that matters.</summary>
    public Func<CacheAddress, CacheProbe>? ProbeAt { get; set; }

    /// <summary>The addresses that data were asked of, in order.</summary>
    public List<CacheAddress> Sources { get; } = [];

    /// <summary>Those that would be scanned, of the same calls.</summary>
    public List<CacheAddress?> Scanned { get; } = [];

    public Task<CacheProbe> ProbeAsync(CacheAddress address, CancellationToken cancellationToken) =>
        Task.FromResult(ProbeAt is { } probe ? probe(address) : Probe);

    public ISnapshotSource Source(CacheAddress address, BackupMethod method, SlotSet? slots = null, CacheAddress? scanned = null)
    {
        Sources.Add(address);
        Scanned.Add(scanned);
        return new ScriptedSource(this);
    }

    public Task<IRestoreTarget> ConnectTargetAsync(CacheAddress address, CancellationToken cancellationToken) =>
        Task.FromResult((Target ?? throw new InvalidOperationException("No target was asked for in this test."))());

    private sealed class ScriptedSource(ScriptedCaches caches) : ISnapshotSource
    {
        public async Task<SnapshotTransfer> OpenAsync(CancellationToken cancellationToken)
        {
            caches.Opened++;
            await caches.WhenOpened();
            return await PipedSnapshotSource.Of(caches.Data).OpenAsync(cancellationToken);
        }
    }
}
