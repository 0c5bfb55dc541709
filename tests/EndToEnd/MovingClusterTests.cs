using System.Text.Json;
using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.EndToEnd;

/// <summary>Clusters that change while a backup is taken: every key is in one file all the same, or there is no backup.</summary>
[Trait("Category", "Server")]
public sealed class MovingClusterTests
{
    [Fact]
    public async Task A_failover_during_a_transfer_costs_the_shard_another_attempt()
    {
        await using ClusterProcesses cluster = await ClusterProcesses.StartAsync(CacheEngine.Redis, shards: 3, replicas: 1);
        await SampleData.WriteAsync(cluster);

        // What a consumer group has read is not told to replicas in full: after a failover the server itself has another stream than before.
        await ClusterProcesses.SendAsync(cluster.Primaries[cluster.ShardOf("stream"u8)], "DEL", "stream");
        ServerProcess promoted = cluster.ReplicasOf(1)[0];
        int transfers = 0;
        (ServiceUnderTest service, _) = await StartAsync(inTransfer: async slots =>
        {
            if (slots.Value == "5461-10921" && Interlocked.Increment(ref transfers) == 1)
            {
                await cluster.FailOverAsync(promoted);
            }
        });
        await using (service)
        {
            await service.RegisterAsync("cluster", cluster.Nodes[0].Port);
            JsonElement backup = await service.BackUpAsync("first", "cluster");
            JsonElement shard = backup.GetProperty("shards")[1].GetProperty("cluster");
            Assert.Equal(2, transfers);
            Assert.Equal("5461-10921", shard.GetProperty("slots").GetString());
            Assert.Equal(promoted.Port, shard.GetProperty("primary").GetProperty("port").GetInt32());
            await RequireEqualInOneServerAsync(service, "first", [cluster.Primaries[0], promoted, cluster.Primaries[2]]);
        }
    }

    [Fact]
    public async Task A_slot_that_moves_during_a_transfer_is_in_one_file()
    {
        await using ClusterProcesses cluster = await ClusterProcesses.StartAsync(CacheEngine.Redis, shards: 3);
        await SampleData.WriteAsync(cluster);
        int slot = SlotOfShard(cluster, 0);
        int transfers = 0;
        (ServiceUnderTest service, _) = await StartAsync(inTransfer: async slots =>
        {
            if (slots.Value == "0-5460" && Interlocked.Increment(ref transfers) == 1)
            {
                await cluster.MoveAsync(slot, cluster.Primaries[0], cluster.Primaries[2]);
            }
        });
        await using (service)
        {
            await service.RegisterAsync("cluster", cluster.Nodes[0].Port);
            JsonElement backup = await service.BackUpAsync("first", "cluster");
            Assert.DoesNotContain("0-5460", ClusterTests.SlotsOf(backup));
            Assert.Contains(ClusterTests.SlotsOf(backup), slots => slots!.StartsWith($"{slot},", StringComparison.Ordinal));
            await RequireEqualInOneServerAsync(service, "first", cluster.Primaries);
        }
    }

    [Fact]
    public async Task A_slot_that_moves_between_two_transfers_is_in_one_file()
    {
        await using ClusterProcesses cluster = await ClusterProcesses.StartAsync(CacheEngine.Valkey, shards: 3);
        await SampleData.WriteAsync(cluster);
        int slot = SlotOfShard(cluster, 0);
        int opened = 0;
        ServiceUnderTest? running = null;
        (ServiceUnderTest service, _) = await StartAsync(beforeTransfer: async slots =>
        {
            // The third shard waits until the others are taken whole; then a key of the first one's moves into it.
            if (slots.Value == "10922-16383" && Interlocked.Increment(ref opened) == 1)
            {
                while (Directory.GetFiles(running!.Directory, "shard-*.json", SearchOption.AllDirectories).Length < 2)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
                }

                await cluster.MoveAsync(slot, cluster.Primaries[0], cluster.Primaries[2]);
            }
        });
        running = service;
        await using (service)
        {
            await service.RegisterAsync("cluster", cluster.Nodes[0].Port);
            JsonElement backup = await service.BackUpAsync("first", "cluster");
            Assert.DoesNotContain("0-5460", ClusterTests.SlotsOf(backup));
            Assert.DoesNotContain("10922-16383", ClusterTests.SlotsOf(backup));
            Assert.Equal((await ClusterContents.ReadAsync(cluster.Primaries)).Count, backup.GetProperty("keys").GetInt64());
            await RequireEqualInOneServerAsync(service, "first", cluster.Primaries);
        }
    }

    [Fact]
    public async Task An_open_slot_is_waited_for()
    {
        await using ClusterProcesses cluster = await ClusterProcesses.StartAsync(CacheEngine.Redis, shards: 3);
        await SampleData.WriteAsync(cluster);
        (ServiceUnderTest service, MeddledCaches caches) = await StartAsync();
        await using (service)
        {
            await service.RegisterAsync("cluster", cluster.Nodes[0].Port);
            await ClusterProcesses.OpenAsync(7, cluster.Primaries[0], cluster.Primaries[1]);
            List<string> asked = [];
            caches.BeforeTransfer = slots =>
            {
                lock (asked)
                {
                    asked.Add(slots.Value);
                }

                return Task.CompletedTask;
            };
            await service.PostAsync("/backups", new { name = "first", cache = "cluster" });
            await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System);
            Assert.Equal("creating", (await service.GetAsync("/backups/first")).Body.GetProperty("status").GetString());

            // Both ends of the migration wait; the shard that has no part in it does not.
            Assert.Equal(["10922-16383"], asked);
            await ClusterProcesses.SendAsync(cluster.Primaries[0], "CLUSTER", "SETSLOT", 7, "STABLE");
            await ClusterProcesses.SendAsync(cluster.Primaries[1], "CLUSTER", "SETSLOT", 7, "STABLE");
            await service.WaitForAsync("/backups/first", "available");
            await RequireEqualInOneServerAsync(service, "first", cluster.Primaries);
        }
    }

    [Theory]
    [InlineData("replication")]
    [InlineData("scan")]
    public async Task A_key_that_a_broken_migration_left_behind_is_restored_from_its_owner_alone(string method)
    {
        await using ClusterProcesses cluster = await ClusterProcesses.StartAsync(CacheEngine.Redis, shards: 3);
        await SampleData.WriteAsync(cluster);
        SortedDictionary<string, string> expected = await ClusterContents.ReadAsync(cluster.Primaries);
        int owner = cluster.ShardOf("string:number"u8);
        ServerProcess other = cluster.Primaries[(owner + 1) % 3];
        await LeaveAsync(other, "string:number", cluster.Primaries[owner]);
        (ServiceUnderTest service, _) = await StartAsync();
        await using (service)
        {
            await service.PostAsync("/caches", new { name = "cluster", host = "127.0.0.1", port = cluster.Nodes[0].Port, method });
            await service.WaitForAsync("/caches/cluster", "available");
            JsonElement backup = await service.BackUpAsync("first", "cluster");
            JsonElement shard = backup.GetProperty("shards")[(owner + 1) % 3];
            Assert.Equal(
                1, shard.GetProperty(method == "scan" ? "scan" : "cluster").GetProperty("foreignKeys").GetInt64());
            await using ServerProcess server = await ServerProcess.StartAsync(CacheEngine.Redis);
            await ClusterTests.RestoreAsync(service, "first", "one", server.Port);
            ClusterContents.AssertEqual(expected, await ClusterContents.ReadAsync(server));
        }
    }

    private static async Task<(ServiceUnderTest Service, MeddledCaches Caches)> StartAsync(
        Func<SlotSet, Task>? beforeTransfer = null, Func<SlotSet, Task>? inTransfer = null)
    {
        MeddledCaches? caches = null;
        ServiceUnderTest service = await ServiceUnderTest.StartAsync(decorate: parts =>
        {
            caches = new MeddledCaches(parts.Caches)
            {
                BeforeTransfer = beforeTransfer ?? (_ => Task.CompletedTask),
                InTransfer = inTransfer ?? (_ => Task.CompletedTask),
            };
            return parts with { Caches = caches };
        });
        return (service, caches!);
    }

    private static async Task RequireEqualInOneServerAsync(ServiceUnderTest service, string backup, IReadOnlyList<ServerProcess> primaries)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(primaries[0].Engine);
        await ClusterTests.RestoreAsync(service, backup, "one", server.Port);
        ClusterContents.AssertEqual(await ClusterContents.ReadAsync(primaries), await ClusterContents.ReadAsync(server));
    }

    /// <summary>The slot of a key that a shard holds.</summary>
    private static int SlotOfShard(ClusterProcesses cluster, int shard) => Enumerable.Range(0, 500)
        .Select(i => System.Text.Encoding.ASCII.GetBytes($"string:{i}"))
        .Where(key => cluster.ShardOf(key) == shard)
        .Select(key => KeySlot.Of(key))
        .First(slot => slot > 0);

    /// <summary>Puts another value under a key of another shard's, as a migration does that is given up.</summary>
    private static async Task LeaveAsync(ServerProcess node, string key, ServerProcess owner)
    {
        int slot = KeySlot.Of(System.Text.Encoding.ASCII.GetBytes(key));
        await using CacheClient client = await node.ConnectAsync();
        await client.RequireAsync("CLUSTER", "SETSLOT", slot, "IMPORTING", await ClusterProcesses.IdOfAsync(owner));
        await client.RequireAsync("ASKING");
        await client.RequireAsync("SET", key, "left behind");
        await client.RequireAsync("CLUSTER", "SETSLOT", slot, "STABLE");
    }
}
