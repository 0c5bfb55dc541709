using CacheBackup.Core.Model;
using CacheBackup.Core.Snapshots;
using CacheBackup.Fixtures.Caches;
using CacheBackup.Fixtures.Snapshots;

namespace CacheBackup.Caches.Tests.Scan;

/// <summary>Nodes of a real cluster as sources.</summary>
[Trait("Category", "Server")]
public sealed class ScannedClusterTests
{
    [Theory]
    [InlineData(CacheEngine.Redis)]
    [InlineData(CacheEngine.Valkey)]
    public async Task What_does_not_fit_into_one_call_from_a_replica_is_scanned_on_its_primary(CacheEngine engine)
    {
        await using ClusterProcesses cluster = await ClusterProcesses.StartAsync(engine, shards: 3, replicas: 1);
        int keys = 0;
        for (int i = 0; i < 300; i++)
        {
            byte[] key = System.Text.Encoding.ASCII.GetBytes($"key:{i}");
            if (cluster.ShardOf(key) == 0)
            {
                await ClusterProcesses.SendAsync(cluster.Primaries[0], "SET", key, "value");
                keys++;
            }
        }

        var caches = new LiveCaches(KnownPassword.Instance, TimeProvider.System);
        ClusterMap map = (await caches.ProbeAsync(cluster.Primaries[0].Address, default)).Cluster!;
        SlotSet slots = map.Nodes.Single(node => node.Id == map.AskedId).Slots;
        var source = (ISlicedSource)caches.Source(cluster.ReplicasOf(0)[0].Address, BackupMethod.Stream, slots, cluster.Primaries[0].Address);

        await using SnapshotTransfer transfer = await source.OpenAsync(new SliceLimit { Time = TimeSpan.FromMilliseconds(1) }, null, default);
        RdbContent content = RdbContent.Of(await Drain.AllAsync(transfer.Content));

        Assert.True(keys > 50);
        Assert.Equal(keys, content.Entries.Count);
        Assert.NotNull(transfer.Origin.Scan);
    }
}
