using CacheBackup.Core.Model;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Snapshots;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.Caches.Tests;

/// <summary>A real cluster as the target of a restore.</summary>
[Trait("Category", "Server")]
public sealed class ClusterTargetTests
{
    [Fact]
    public async Task A_slot_that_moved_is_told_and_found_where_it_is_by_the_next_connection()
    {
        await using ClusterProcesses cluster = await ClusterProcesses.StartAsync(CacheEngine.Redis, shards: 3);
        byte[] key = "moved"u8.ToArray();
        ServerProcess owner = cluster.Primaries[cluster.ShardOf(key)];
        ServerProcess other = cluster.Primaries[(cluster.ShardOf(key) + 1) % 3];
        await using IRestoreTarget before = await ConnectAsync(cluster.Address);
        await using IRestoreTarget reading = await ConnectAsync(cluster.Address);
        await before.RestoreAsync(Entry(key), default);
        await before.FlushAsync(default);
        await cluster.MoveAsync(KeySlot.Of(key), owner, other);

        await before.RestoreAsync(Entry(key), default);
        await Assert.ThrowsAsync<ClusterUnsettledException>(() => before.FlushAsync(default).AsTask());
        await Assert.ThrowsAsync<ClusterUnsettledException>(() => reading.ReadBackAsync(0, [new ReadBackRequest(key, RdbType.String, default)], default));
        await using IRestoreTarget after = await ConnectAsync(cluster.Address);
        await after.RestoreAsync(Entry(key), default);
        await after.FlushAsync(default);
        Assert.True((await after.ReadBackAsync(0, [new ReadBackRequest(key, RdbType.String, default)], default))[0].Exists);
        Assert.Equal(1, (await after.DescribeAsync(default)).KeysByDatabase.GetValueOrDefault(0));
    }

    [Fact]
    public async Task A_slot_that_is_on_the_move_is_told_plainly()
    {
        await using ClusterProcesses cluster = await ClusterProcesses.StartAsync(CacheEngine.Valkey, shards: 3);
        byte[] key = "asked"u8.ToArray();
        ServerProcess owner = cluster.Primaries[cluster.ShardOf(key)];
        await using IRestoreTarget target = await ConnectAsync(cluster.Address);
        await ClusterProcesses.OpenAsync(KeySlot.Of(key), owner, cluster.Primaries[(cluster.ShardOf(key) + 1) % 3]);
        CacheProbe probe = await target.DescribeAsync(default);
        Assert.Equal(KeySlot.Of(key), probe.Cluster!.Moving.First);
        await target.RestoreAsync(Entry(key), default);
        ClusterUnsettledException told = await Assert.ThrowsAsync<ClusterUnsettledException>(() => target.FlushAsync(default).AsTask());
        Assert.Contains("(ASK)", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Primaries_are_counted_together_and_one_that_was_started_again_is_noticed()
    {
        await using ClusterProcesses cluster = await ClusterProcesses.StartAsync(CacheEngine.Redis, shards: 3);
        await SampleData.WriteAsync(cluster);
        CacheProbe probe;
        await using (IRestoreTarget target = await ConnectAsync(cluster.Nodes[1].Address))
        {
            probe = await target.DescribeAsync(default);
            Assert.Equal((await target.DescribeAsync(default)).RunId, probe.RunId);
            Assert.Single(await target.ListFunctionsAsync(default));
        }

        long keys = 0;
        foreach (ServerProcess primary in cluster.Primaries)
        {
            (await ClusterProcesses.SendAsync(primary, "DBSIZE")).TryGetNumber(out long count);
            keys += count;
        }

        Assert.Equal(keys, probe.KeysByDatabase[0]);
        Assert.Equal(1, probe.FunctionLibraries);
        await cluster.Primaries[2].KillAsync();
        await cluster.Primaries[2].StartAgainAsync();
        await cluster.WaitUntilAllAgreeAsync();
        await using IRestoreTarget again = await ConnectAsync(cluster.Address);
        Assert.NotEqual(probe.RunId, (await again.DescribeAsync(default)).RunId);
        await Assert.ThrowsAsync<RestoreMismatchException>(() => again.ListFunctionsAsync(default));
    }

    [Fact]
    public async Task A_cluster_that_does_not_serve_all_slots_is_no_target()
    {
        await using ServerProcess node = await ServerProcess.StartAsync(new ServerOptions { Configuration = ["cluster-enabled yes"] });
        await ClusterProcesses.SendAsync(node, "CLUSTER", "ADDSLOTSRANGE", 0, 16_000);
        ClusterUnsettledException told = await Assert.ThrowsAsync<ClusterUnsettledException>(() => ConnectAsync(node.Address));
        Assert.Contains("383 without a primary", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_by_itself_is_a_target_by_itself()
    {
        await using ServerProcess node = await ServerProcess.StartAsync(CacheEngine.Redis);
        await using IRestoreTarget target = await ConnectAsync(node.Address);
        Assert.IsType<RespTarget>(target);
    }

    private static Task<IRestoreTarget> ConnectAsync(CacheAddress address) =>
        TargetConnector.ConnectAsync(address, KnownPassword.Instance, RespConnectionOptions.Default, TimeProvider.System, default);

    private static RestoreEntry Entry(byte[] key) => new()
    {
        Database = 0,
        Key = key,
        Version = new RdbVersion(RdbMagic.Redis, 10),
        Type = RdbType.String,
        Value = new byte[] { 1, (byte)'v' },
        OffsetBytes = 99,
    };
}
