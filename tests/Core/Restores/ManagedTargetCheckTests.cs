using CacheBackup.Core.Model;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Restores;

namespace CacheBackup.Core.Tests.Restores;

public sealed class ManagedTargetCheckTests
{
    // 75 % of what cache.t4g.small is listed with, in whole hundredths.
    private const long SmallHolds = 1_103_269_650;

    private static readonly RestoreTargetSpec Serverless = new() { Serverless = new ServerlessTarget() };
    private static readonly SelfDesignedTarget Small = new() { NodeType = "cache.t4g.small" };

    [Theory]
    [InlineData(CacheEngine.Valkey, "7.1.9", false)]
    [InlineData(CacheEngine.Valkey, "7.2.0", true)]
    [InlineData(CacheEngine.Redis, "4.0.14", false)]
    [InlineData(CacheEngine.Redis, "5.0.0", true)]
    public void Version_must_be_one_that_ElastiCache_restores(CacheEngine engine, string version, bool fits)
    {
        RestoreSubject backup = Backup(engine) with { Version = CacheVersion.FromCatalog(version) };
        Check(fits, backup, CacheTopology.ClusterDisabled, Serverless, version);
    }

    [Theory]
    [InlineData(CacheEngine.Redis, CacheEngine.Valkey, false, false)]
    [InlineData(CacheEngine.Redis, CacheEngine.Valkey, true, true)]
    [InlineData(CacheEngine.Valkey, CacheEngine.Redis, true, false)]
    [InlineData(CacheEngine.Redis, CacheEngine.Memcached, true, false)]
    public void Engine_goes_into_its_own(CacheEngine from, CacheEngine into, bool allowed, bool fits) => Check(
        fits, Backup(from), CacheTopology.ClusterDisabled, Serverless with { Engine = into, AllowEngineChange = allowed }, "its own engine");

    [Theory]
    [InlineData("7", false)]
    [InlineData("8", true)]
    [InlineData("9", true)]
    public void Version_that_is_asked_for_is_none_before_that_of_the_backup(string major, bool fits)
    {
        Check(fits, Backup(CacheEngine.Valkey), CacheTopology.ClusterDisabled, new() { Serverless = new() { MajorVersion = major } }, "8.0.1", "8 or later");
        Check(fits, Backup(CacheEngine.Valkey), CacheTopology.ClusterDisabled, Of(Small with { EngineVersion = major + ".0" }), "8.0.1", "8 or later");
    }

    [Fact]
    public void Other_databases_do_not_go_into_cluster_mode()
    {
        RestoreSubject backup = Backup(CacheEngine.Redis) with { Databases = [0, 3, 7] };
        Check(false, backup, CacheTopology.ClusterDisabled, Serverless, "3, 7");
        Check(false, backup, CacheTopology.ClusterDisabled, Of(Small with { Shards = 2 }), "3, 7");
        Check(true, backup, CacheTopology.ClusterDisabled, Of(Small), string.Empty);
    }

    [Theory]
    [InlineData(CacheTopology.ClusterEnabled)]
    [InlineData(CacheTopology.Serverless)]
    public void Backup_of_cluster_mode_does_not_go_into_a_cluster_without(CacheTopology topology)
    {
        Check(false, Backup(CacheEngine.Redis), topology, Of(Small), "clusterMode");
        Check(true, Backup(CacheEngine.Redis), topology, Of(Small with { ClusterMode = true }), string.Empty);
        Check(true, Backup(CacheEngine.Redis), topology, Serverless, string.Empty);
    }

    [Fact]
    public void Memory_is_weighed_against_the_nodes_with_numbers()
    {
        RestoreSubject backup = Backup(CacheEngine.Redis) with { MemoryEstimateBytes = SmallHolds };
        Check(true, backup, CacheTopology.ClusterDisabled, Of(Small), string.Empty);
        backup = backup with { MemoryEstimateBytes = SmallHolds + 1 };
        Check(false, backup, CacheTopology.ClusterDisabled, Of(Small), "1,103,269,651", "1,103,269,650", "1,471,026,299", "2 shard(s)");
        Check(true, backup, CacheTopology.ClusterDisabled, Of(Small with { Shards = 2 }), string.Empty);
        Check(true, backup, CacheTopology.ClusterDisabled, Serverless, string.Empty);
    }

    [Fact]
    public void Replicas_do_not_add_memory() => Check(
        false,
        Backup(CacheEngine.Redis) with { MemoryEstimateBytes = SmallHolds + 1 },
        CacheTopology.ClusterDisabled,
        Of(Small with { Replicas = 5 }),
        "1 shard(s) of cache.t4g.small");

    [Fact]
    public void Nodes_with_SSD_and_nodes_of_the_other_engine_are_refused()
    {
        Check(false, Backup(CacheEngine.Redis), CacheTopology.ClusterDisabled, Of(new() { NodeType = "cache.r6gd.xlarge" }), "data tiering");
        Check(false, Backup(CacheEngine.Redis), CacheTopology.ClusterDisabled, Of(new() { NodeType = "cache.r8g.large" }), "Valkey alone");
        Check(true, Backup(CacheEngine.Valkey), CacheTopology.ClusterDisabled, Of(new() { NodeType = "cache.r8g.large" }), string.Empty);
    }

    private static void Check(bool fits, RestoreSubject backup, CacheTopology topology, RestoreTargetSpec target, params string[] named)
    {
        if (fits)
        {
            ManagedTargetCheck.Require(backup, topology, target);
            return;
        }

        var refusal = Assert.Throws<BackupNotRestorableException>(() => ManagedTargetCheck.Require(backup, topology, target));
        Assert.All(named, text => Assert.Contains(text, refusal.Message, StringComparison.Ordinal));
    }

    private static RestoreTargetSpec Of(SelfDesignedTarget cluster) => new() { SelfDesigned = cluster };

    private static RestoreSubject Backup(CacheEngine engine) => new()
    {
        Engine = engine,
        Version = new CacheVersion(8, 0, 1),
        RdbVersion = new RdbVersion(RdbMagic.Redis, 11),
        Types = new Dictionary<RdbType, long> { [RdbType.String] = 10 },
        Databases = [0],
        Keys = 10,
        Functions = 0,
        MemoryEstimateBytes = 1_000_000,
    };
}
