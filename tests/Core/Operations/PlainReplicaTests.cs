using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Snapshots;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures;
using CacheBackup.Fixtures.Operations;

namespace CacheBackup.Core.Tests.Operations;

/// <summary>Which node of a cache without cluster mode its data comes from, and what changes meanwhile.</summary>
public sealed class PlainReplicaTests
{
    private static readonly CacheEndpoint First = new("replica-1", 6379);
    private static readonly CacheEndpoint Second = new("replica-2", 6379);

    private readonly MemoryService _service = new(TimeProvider.System);
    private readonly Dictionary<string, Func<CacheProbe, CacheProbe>> _odd = [];
    private readonly List<CacheEndpoint> _asked = [];
    private CacheProbe _primary;

    public PlainReplicaTests()
    {
        _primary = _service.Caches.Probe with
        {
            ReplicationId = "history",
            ReplicationOffsetBytes = 10_000_000,
            Replicas = [new ReplicaLink(First, true, 9_999_000), new ReplicaLink(Second, true, 9_999_900)],
        };
        _service.Caches.ProbeAt = address =>
        {
            _asked.Add(address.Endpoint);
            CacheProbe probe = address.Endpoint.Host == "source.test"
                ? _primary
                : _primary with { IsReplica = true, ReplicationOffsetBytes = 9_999_999, PrimarySilence = TimeSpan.FromSeconds(1), Replicas = [] };
            return _odd.GetValueOrDefault(address.Endpoint.Host)?.Invoke(probe) ?? probe;
        };
    }

    [Fact]
    public async Task The_replica_that_has_come_farthest_is_taken_with_the_registered_login()
    {
        ShardManifest shard = await TakeAsync(address => address with { Username = "backup", Tls = new CacheTls { ServerName = "cache.example" } });
        Assert.EndsWith(", from replica replica-2:6379, 1 bytes behind its primary", shard.Method, StringComparison.Ordinal);
        CacheAddress source = Assert.Single(_service.Caches.Sources);
        Assert.Equal(Second, source.Endpoint);
        Assert.Equal(("backup", "cache.example"), (source.Username, source.Tls!.ServerName));
        Assert.Equal(Second, _service.Caches.Scanned[0]!.Endpoint);
    }

    [Theory]
    [InlineData("behind", "is 2,000,000 bytes behind")]
    [InlineData("silent", "has heard nothing from its primary for 16 s")]
    [InlineData("loading", "is loading, or its link to its primary is down")]
    [InlineData("promoted", "is no replica")]
    [InlineData("stranger", "follows another primary")]
    [InlineData("refusing", "hands out no data")]
    [InlineData("gone", "cannot be reached")]
    [InlineData("unnamed", "is not trusted: its certificate is of another name or authority")]
    [InlineData("closed", "does not let this user in")]
    [InlineData("outside", "is none of the hosts or addresses that may be connected to")]
    public async Task One_that_does_not_serve_is_passed_over_and_the_line_says_why(string state, string reason)
    {
        _odd["replica-2"] = probe => state switch
        {
            "behind" => probe with { ReplicationOffsetBytes = 8_000_000 },
            "silent" => probe with { PrimarySilence = TimeSpan.FromSeconds(16) },
            "loading" => probe with { IsLoading = true },
            "promoted" => probe with { IsReplica = false },
            "stranger" => probe with { ReplicationId = "another" },
            "refusing" => probe with { ReplicationRefusal = "No." },
            "gone" => throw new CacheUnreachableException("Planned."),
            "unnamed" => throw new CacheTlsException("Planned."),
            "closed" => throw new CacheAccessDeniedException("Planned."),
            _ => throw new InvalidRequestException("Planned."),
        };
        Assert.Contains("from replica replica-1:6379", (await TakeAsync()).Method, StringComparison.Ordinal);
        _odd["replica-1"] = _odd["replica-2"];
        ReplicaChoice choice = await PlainShardReading.ChooseAsync(
            _service.Parts, BackupMethod.Stream, new CacheAddress { Endpoint = new CacheEndpoint("source.test", 6379) }, _primary, null, default);
        Assert.Equal((null, $"from the primary: no replica serves (replica-2:6379 {reason}; replica-1:6379 {reason})"), (choice.Node, choice.Reason));
    }

    [Theory]
    [InlineData("none", "from the primary: it has no replica")]
    [InlineData("copying", "from the primary: no replica is online")]
    [InlineData("a replica itself", "from the node that was registered, a replica itself")]
    public async Task Where_there_is_no_choice_the_registered_node_is_taken_and_nobody_else_asked(string state, string reason)
    {
        _primary = state switch
        {
            "none" => _primary with { Replicas = [] },
            "copying" => _primary with { Replicas = [new ReplicaLink(First, false, 0)] },
            _ => _primary with { IsReplica = true },
        };
        Assert.EndsWith(reason, (await TakeAsync()).Method, StringComparison.Ordinal);
        Assert.All(_asked, asked => Assert.Equal("source.test", asked.Host));
        Assert.Equal("source.test", _service.Caches.Sources[0].Endpoint.Host);
    }

    [Theory]
    [InlineData(BackupMethod.Stream, null, "No.", false)]
    [InlineData(BackupMethod.Stream, "No.", "No.", true)]
    [InlineData(BackupMethod.Replication, "No.", "No.", false)]
    [InlineData(BackupMethod.Scan, null, "No.", true)]
    public async Task Replication_comes_before_scan_and_a_replica_before_its_primary(BackupMethod method, string? primary, string replica, bool isTaken)
    {
        CacheProbe own = _primary with { ReplicationRefusal = primary };
        _odd["replica-1"] = _odd["replica-2"] = probe => probe with { ReplicationRefusal = replica };
        ReplicaChoice choice = await PlainShardReading.ChooseAsync(
            _service.Parts, method, new CacheAddress { Endpoint = new CacheEndpoint("source.test", 6379) }, own, null, default);
        Assert.Equal(isTaken, choice.Node is not null);
    }

    [Theory]
    [InlineData("promoted", "ceased to be a replica")]
    [InlineData("sent elsewhere", "began to follow another primary")]
    public async Task What_came_from_a_node_that_is_no_replica_any_more_does_not_count(string what, string expected)
    {
        BackupJob job = await BeginAsync(address => address);
        _service.Caches.WhenOpened = () =>
        {
            _odd["replica-2"] = probe => probe with { IsReplica = what != "promoted", ReplicationId = "another" };
            return Task.CompletedTask;
        };
        var cut = await Assert.ThrowsAsync<TransferCutException>(() => new SnapshotShard(_service.Parts).RunAsync(job, 1, default));
        Assert.Contains(expected, cut.Message, StringComparison.Ordinal);

        ShardManifest again = await new SnapshotShard(_service.Parts).RunAsync(job, 1, default);
        Assert.Contains("from replica replica-1:6379", again.Method, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replicas_that_stay_silent_cost_two_seconds_together()
    {
        var time = new LeapingTime();
        var service = new MemoryService(time);
        var caches = new SilentReplicas();
        ReplicaChoice choice = await PlainShardReading.ChooseAsync(
            service.Parts with { Caches = caches }, BackupMethod.Stream, new CacheAddress { Endpoint = new CacheEndpoint("source.test", 6379) }, _primary, null, default);
        Assert.Equal((2, TimeSpan.FromSeconds(2)), (caches.Asked, time.Elapsed));
        Assert.Null(choice.Node);
        Assert.Contains("replica-2:6379 does not answer within 2 s", choice.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("replica-1:6379", "replica-1", "from replica replica-1:6379")]
    [InlineData("source.test:6379", "source.test", "from the primary: the scan is under way there")]
    [InlineData("replica-9:6379", "replica-2", "from replica replica-2:6379")]
    public async Task A_scan_goes_on_at_the_node_that_it_began_at_while_that_one_serves(string begun, string host, string reason)
    {
        BackupJob job = await BeginAsync(address => address);
        Backup backup = await _service.Parts.Catalog.Backups.GetAsync(job.Backup, default);
        ObjectKey checkpoint = CatalogKeys.SnapshotCheckpoint(backup.Id, 1);
        Assert.NotNull(await SnapshotLease.BeginAsync(_service.Store, checkpoint, CheckpointAt(begun), default));
        ShardManifest shard = await new SnapshotShard(_service.Parts).RunAsync(job, 1, default);
        Assert.Equal(host, _service.Caches.Sources[0].Endpoint.Host);
        Assert.Contains(reason, shard.Method, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_step_that_is_repeated_asks_nobody()
    {
        BackupJob job = await BeginAsync(address => address);
        await new SnapshotShard(_service.Parts).RunAsync(job, 1, default);
        _asked.Clear();
        await new SnapshotShard(_service.Parts).RunAsync(job, 1, default);
        Assert.Empty(_asked);
    }

    private async Task<ShardManifest> TakeAsync(Func<CacheAddress, CacheAddress>? address = null) =>
        await new SnapshotShard(_service.Parts).RunAsync(await BeginAsync(address ?? (same => same)), 1, default);

    private async Task<BackupJob> BeginAsync(Func<CacheAddress, CacheAddress> address)
    {
        Cache cache = await _service.AddCacheAsync("source");
        await _service.Parts.Catalog.Caches.ChangeAsync(
            cache.Name, current => current with { Shards = [new CacheShard(1, address(current.Shards[0].Address))] }, default);
        Backup started = await new StartBackup(_service.Parts).RunAsync(
            new StartBackupRequest(BackupName.Parse("first"), cache.Name, BackupKind.Manual), default);
        return new BackupJob(started.Execution, started.Name, started.Cache, started.Generation);
    }

    private static SnapshotCheckpoint CheckpointAt(string endpoint) => new()
    {
        Lease = 1,
        Data = new ObjectKey("data/0123/shard.rdb"),
        Index = new ObjectKey("data/0123/shard.index"),
        Upload = "upload",
        Parts = [],
        FreeNumber = 1,
        LengthBytes = 0,
        Slices = [],
        Position = new ScanPosition
        {
            Origin = new SnapshotOrigin
            {
                Engine = CacheEngine.Redis,
                Version = new CacheVersion(7, 0, 15),
                RunId = "process",
                ServerTime = DateTimeOffset.UnixEpoch,
                ClockOffset = TimeSpan.Zero,
                Consistency = SnapshotConsistency.PerKey,
                Method = "scan",
            },
            Report = new ScanReport { KeysAtStart = 1, KeysAtEnd = 1, Vanished = 0, Repeated = 0, Expired = 0, Evicted = 0, Duration = TimeSpan.Zero },
            Endpoint = endpoint,
            RunId = "process",
            Upheavals = 0,
            ExpiredKeys = 0,
            EvictedKeys = 0,
            Databases = [],
            Finished = 0,
            Cursor = "0",
            Secret = [],
            PayloadVersion = "REDIS0010",
            FileBytes = 9,
            FileKeys = 0,
            FileCrc64 = 0,
        },
    };

    private sealed class SilentReplicas : ICaches
    {
        public int Asked { get; private set; }

        public async Task<CacheProbe> ProbeAsync(CacheAddress address, CancellationToken cancellationToken)
        {
            Asked++;
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            throw new InvalidOperationException("Nobody answers here.");
        }

        public ISnapshotSource Source(CacheAddress address, BackupMethod method, SlotSet? slots = null, CacheAddress? scanned = null) =>
            throw new InvalidOperationException("Nothing is taken here.");

        public Task<IRestoreTarget> ConnectTargetAsync(CacheAddress address, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("Nothing is restored here.");
    }
}
