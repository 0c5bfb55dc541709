using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Snapshots;
using CacheBackup.Fixtures.Operations;

namespace CacheBackup.Core.Tests.Operations;

/// <summary>The steps of a cluster's backup, in memory: what changes meanwhile is found, and nothing is published short.</summary>
public sealed class ClusterBackupTests
{
    private readonly MemoryService _service = new(TimeProvider.System);
    private readonly ScriptedCluster _cluster;

    public ClusterBackupTests() => _cluster = new ScriptedCluster(_service.Caches, ("a", "0-5460"), ("b", "5461-10922"), ("c", "10923-16383"));

    [Fact]
    public async Task Shards_are_asked_for_taken_and_published_by_their_slots()
    {
        BackupJob job = await BeginAsync("b");
        Assert.Equal([], (await new BeginBackup(_service.Parts).RunAsync(job, default)).Shards);
        ClusterPlan plan = await SurveyAsync(job, 0);
        Assert.Equal([1, 2, 3], plan.Shards);
        await TakeAsync(job, plan);
        plan = await SurveyAsync(job, plan.Round);
        Assert.True(plan.IsDone);
        Assert.Equal([1, 2, 3], plan.Shards);
        Backup backup = await new CompleteBackup(_service.Parts).RunAsync(job, default);
        Assert.Equal(["0-5460", "5461-10922", "10923-16383"], backup.Shards.Select(shard => shard.Cluster!.Slots.Value));
        Assert.Equal(["a", "b", "c"], backup.Shards.Select(shard => shard.Cluster!.Primary.Host));
        Assert.Equal(CacheTopology.ClusterEnabled, backup.Origin!.Topology);

        // Every node is logged in to as the one that was registered.
        Assert.All(_service.Caches.Sources, source => Assert.Equal("backup", source.Username));
        Cache cache = await _service.Parts.Catalog.Caches.GetAsync(job.Cache, default);
        Assert.Equal("b", cache.ConfigurationAddress!.Endpoint.Host);

        // What the next backup is judged by is not forgotten by its survey.
        Assert.All(cache.Shards, shard => Assert.NotNull(shard.Last));
        IReadOnlyList<CacheShard> surveyed = ClusterSurvey.Shards(cache.Shards, ClusterSurvey.LoginOf(cache), _cluster.Map("a"));
        Assert.Equal(cache.Shards.Select(shard => shard.Last), surveyed.Select(shard => shard.Last));
    }

    [Fact]
    public async Task A_shard_that_changed_since_it_was_taken_is_taken_anew()
    {
        BackupJob job = await BeginAsync("a");
        ClusterPlan plan = await SurveyAsync(job, 0);
        await TakeAsync(job, plan);
        _cluster.Change("b", node => node with { ConfigEpoch = 9 });
        plan = await SurveyAsync(job, plan.Round);
        Assert.Equal([2], plan.Shards);
        await TakeAsync(job, plan);
        Assert.True((await SurveyAsync(job, plan.Round)).IsDone);
        Backup backup = await new CompleteBackup(_service.Parts).RunAsync(job, default);
        Assert.Equal(9, backup.Shards[1].Cluster!.ConfigEpoch);

        // Repeated, a shard that is as it was is not taken again.
        Assert.Equal(4, _service.Caches.Opened);
    }

    [Fact]
    public async Task A_step_that_is_repeated_takes_nothing_twice()
    {
        BackupJob job = await BeginAsync("a");
        await SurveyAsync(job, 0);
        ShardManifest first = await new SnapshotShard(_service.Parts).RunAsync(job, 2, default);
        ShardManifest again = await new SnapshotShard(_service.Parts).RunAsync(job, 2, default);
        Assert.Equal(first.DataKey, again.DataKey);
        Assert.Equal(1, _service.Caches.Opened);
    }

    [Fact]
    public async Task A_resharding_gives_new_shards_other_numbers_and_the_old_ones_keep_theirs()
    {
        BackupJob job = await BeginAsync("a");
        ClusterPlan plan = await SurveyAsync(job, 0);
        await TakeAsync(job, plan);

        // A new primary takes the lowest slots: by position everything would have moved.
        _cluster.Change("a", node => node with { Slots = SlotSet.FromCatalog("100-5460"), ConfigEpoch = 10 });
        _cluster.Nodes.Insert(0, new ClusterNode
        {
            Id = "new",
            Endpoint = new CacheEndpoint("new", 6379),
            ConfigEpoch = 11,
            Slots = SlotSet.FromCatalog("0-99"),
            IsUp = true,
        });
        plan = await SurveyAsync(job, plan.Round);
        Assert.Equal([4, 1], plan.Shards);
        await TakeAsync(job, plan);
        Assert.True((await SurveyAsync(job, plan.Round)).IsDone);
        Backup backup = await new CompleteBackup(_service.Parts).RunAsync(job, default);
        Assert.Equal([(4, "0-99"), (1, "100-5460"), (2, "5461-10922"), (3, "10923-16383")], backup.Shards.Select(s => (s.Number, s.Cluster!.Slots.Value)));
    }

    [Theory]
    [InlineData("epoch")]
    [InlineData("slots")]
    [InlineData("failover")]
    [InlineData("open")]
    [InlineData("down")]
    public async Task What_changes_during_a_transfer_makes_it_worthless(string what)
    {
        BackupJob job = await BeginAsync("a");
        await SurveyAsync(job, 0);
        _service.Caches.WhenOpened = () =>
        {
            switch (what)
            {
                case "epoch":
                    _cluster.Change("a", node => node with { ConfigEpoch = 7 });
                    break;
                case "slots":
                    _cluster.Change("a", node => node with { Slots = SlotSet.FromCatalog("1-5460") });
                    break;
                case "failover":
                    _cluster.Change("a", node => node with { Id = "a2" });
                    break;
                case "open":
                    _cluster.Moving["a"] = SlotSet.FromCatalog("7");
                    break;
                case "down":
                    _cluster.Change("a", node => node with { IsUp = false });
                    break;
            }

            return Task.CompletedTask;
        };
        await Assert.ThrowsAsync<ClusterUnsettledException>(() => new SnapshotShard(_service.Parts).RunAsync(job, 1, default));
        Assert.Contains(1, (await SurveyOfLeftAsync(job, what)).Shards);
    }

    [Fact]
    public async Task Open_slots_are_waited_for_by_the_shards_at_both_ends_alone()
    {
        BackupJob job = await BeginAsync("a");
        await SurveyAsync(job, 0);
        _cluster.Moving["a"] = SlotSet.FromCatalog("7");
        _cluster.Moving["b"] = SlotSet.FromCatalog("7");
        ClusterUnsettledException refused = await Assert.ThrowsAsync<ClusterUnsettledException>(() => new SnapshotShard(_service.Parts).RunAsync(job, 1, default));
        Assert.Contains("Slot(s) 7", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ClusterUnsettledException>(() => new SnapshotShard(_service.Parts).RunAsync(job, 2, default));
        await new SnapshotShard(_service.Parts).RunAsync(job, 3, default);
        Assert.Equal(1, _service.Caches.Opened);
    }

    [Fact]
    public async Task A_cluster_that_never_settles_ends_the_backup()
    {
        BackupJob job = await BeginAsync("a");
        for (int round = 0; round < SurveyCluster.MostRounds; round++)
        {
            ClusterPlan plan = await SurveyAsync(job, round);
            await TakeAsync(job, plan);
            _cluster.Change("c", node => node with { ConfigEpoch = 100 + round });
        }

        ClusterReshardedException failed = await Assert.ThrowsAsync<ClusterReshardedException>(() => SurveyAsync(job, SurveyCluster.MostRounds));
        Assert.Contains("shard(s) 3", failed.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0-5460", "5460-10922", "Slot 5460 is in the files of shards 1 and 2")]
    [InlineData("0-5459", "5461-10922", "Slot 5460 and 0 other(s) are in no file")]
    public async Task Files_that_do_not_hold_every_slot_once_are_not_published(string first, string second, string expected)
    {
        BackupJob job = await BeginAsync("a");
        await SurveyAsync(job, 0);
        _cluster.Change("a", node => node with { Slots = SlotSet.FromCatalog(first) });
        await new SnapshotShard(_service.Parts).RunAsync(job, 1, default);
        _cluster.Change("a", node => node with { Slots = SlotSet.FromCatalog("0-5460") });
        _cluster.Change("b", node => node with { Slots = SlotSet.FromCatalog(second) });
        await new SnapshotShard(_service.Parts).RunAsync(job, 2, default);
        await new SnapshotShard(_service.Parts).RunAsync(job, 3, default);
        ClusterReshardedException failed = await Assert.ThrowsAsync<ClusterReshardedException>(() => new CompleteBackup(_service.Parts).RunAsync(job, default));
        Assert.Contains(expected, failed.Message, StringComparison.Ordinal);
        Assert.Equal(BackupStatus.Creating, (await _service.Parts.Catalog.Backups.GetAsync(job.Backup, default)).Status);
    }

    [Fact]
    public async Task A_slot_without_a_primary_is_not_left_out()
    {
        BackupJob job = await BeginAsync("a");
        _cluster.Change("b", node => node with { Slots = SlotSet.FromCatalog("5461-10900") });
        ClusterUnsettledException refused = await Assert.ThrowsAsync<ClusterUnsettledException>(() => SurveyAsync(job, 0));
        Assert.Contains("10901-10922", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Any_node_that_is_known_may_answer_for_one_that_is_gone()
    {
        BackupJob job = await BeginAsync("a");
        await SurveyAsync(job, 0);
        _cluster.Change("a", node => node with { PrimaryId = "a2", Slots = SlotSet.None, IsUp = false });
        _cluster.Nodes.Add(new ClusterNode
        {
            Id = "a2",
            Endpoint = new CacheEndpoint("a2", 6379),
            ConfigEpoch = 8,
            Slots = SlotSet.FromCatalog("0-5460"),
            IsUp = true,
        });
        ClusterPlan plan = await SurveyAsync(job, 1);
        await TakeAsync(job, plan);
        Backup backup = await new CompleteBackup(_service.Parts).RunAsync(job, default);
        Assert.Equal(["a2", "b", "c"], backup.Shards.Select(shard => shard.Cluster!.Primary.Host));
    }

    [Theory]
    [InlineData("in sync", "a-replica", "from replica a-replica:6379, 0 bytes behind its primary")]
    [InlineData("behind", "a", "no replica serves (a-replica:6379 is 2,000,000 bytes behind)")]
    [InlineData("silent", "a", "no replica serves (a-replica:6379 has heard nothing from its primary for 16 s)")]
    [InlineData("loading", "a", "no replica serves (a-replica:6379 is loading, or its link to its primary is down)")]
    [InlineData("refusing", "a", "no replica serves (a-replica:6379 hands out no data)")]
    [InlineData("stranger", "a", "no replica serves (a-replica:6379 follows another primary)")]
    [InlineData("outside", "a", "no replica serves (a-replica:6379 is none of the hosts or addresses that may be connected to)")]
    [InlineData("down", "a", "no replica is up")]
    [InlineData("scan", "a", "a scan goes there")]
    public async Task A_replica_in_sync_is_taken_before_its_primary(string state, string host, string reason)
    {
        _cluster.AddReplica("a-replica", "a");
        BackupJob job = await BeginAsync("a", state == "scan" ? BackupMethod.Scan : null);
        await SurveyAsync(job, 0);
        _cluster.Odd["a-replica"] = probe => state switch
        {
            "behind" => probe with { ReplicationOffsetBytes = 8_000_000 },
            "silent" => probe with { PrimarySilence = TimeSpan.FromSeconds(16) },
            "loading" => probe with { IsLoading = true },
            "refusing" => probe with { ReplicationRefusal = "No." },
            "stranger" => probe with { ReplicationId = "another" },
            "outside" => throw new InvalidRequestException("Planned."),
            _ => probe,
        };
        if (state == "down")
        {
            _cluster.Change("a-replica", node => node with { IsUp = false });
        }

        ShardManifest shard = await new SnapshotShard(_service.Parts).RunAsync(job, 1, default);
        Assert.Equal(host, _service.Caches.Sources[^1].Endpoint.Host);
        Assert.Equal("a", _service.Caches.Scanned[^1]!.Endpoint.Host);
        Assert.Equal(host, shard.Cluster!.Node.Host);
        Assert.EndsWith(reason, shard.Method, StringComparison.Ordinal);
    }

    private async Task<BackupJob> BeginAsync(string host, BackupMethod? method = null)
    {
        Cache cache = ScriptedCluster.Cache(_service.Parts, host) with { Method = method };
        Assert.True(await _service.Parts.Catalog.Caches.TryCreateAsync(cache.Name, cache, default));
        Backup started = await new StartBackup(_service.Parts).RunAsync(
            new StartBackupRequest(BackupName.Parse("first"), cache.Name, BackupKind.Manual), default);
        return new BackupJob(started.Execution, started.Name, started.Cache, started.Generation);
    }

    private Task<ClusterPlan> SurveyAsync(BackupJob job, int round) => new SurveyCluster(_service.Parts).RunAsync(job, round, default);

    /// <summary>What the next survey finds, once the cluster serves all slots again.</summary>
    private Task<ClusterPlan> SurveyOfLeftAsync(BackupJob job, string what)
    {
        if (what is "slots" or "down")
        {
            _cluster.Change("a", node => node with { Slots = SlotSet.FromCatalog("0-5460"), IsUp = true });
        }

        return SurveyAsync(job, 1);
    }

    private async Task TakeAsync(BackupJob job, ClusterPlan plan)
    {
        foreach (int shard in plan.Shards)
        {
            await new SnapshotShard(_service.Parts).RunAsync(job, shard, default);
        }
    }
}
