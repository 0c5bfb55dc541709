using System.Net;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Fixtures.Caches;
using CacheBackup.Fixtures.Operations;

namespace CacheBackup.Caches.Tests;

/// <summary>In AWS nobody has the service talk to the function's own machine by registering a cache.</summary>
public sealed class AddressRuleTests
{
    private static readonly RespConnectionOptions InAws = RespConnectionOptions.Default with { Addresses = AddressRule.NothingLocal };

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.9.9.9")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("169.254.170.2")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("fe80::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    public void Local_address_is_refused_in_AWS_and_nowhere_else(string address)
    {
        Assert.False(AddressRule.NothingLocal.Allows(IPAddress.Parse(address)));
        Assert.True(AddressRule.Any.Allows(IPAddress.Parse(address)));
    }

    [Theory]
    [InlineData("10.0.0.7")]
    [InlineData("172.31.255.1")]
    [InlineData("192.168.169.254")]
    [InlineData("169.253.1.1")]
    [InlineData("128.0.0.1")]
    [InlineData("fd00:ec1::254")]
    [InlineData("2001:db8::1")]
    [InlineData("::ffff:10.0.0.7")]
    public void Address_of_a_network_is_allowed(string address) => Assert.True(AddressRule.NothingLocal.Allows(IPAddress.Parse(address)));

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("::ffff:127.0.0.1")]
    public async Task Host_that_leads_to_a_local_address_is_never_connected_to(string host)
    {
        await using FakeCacheServer server = FakeCacheServer.Start(connection => connection.ListenAsync());
        CacheAddress address = new() { Endpoint = new CacheEndpoint(host, server.Endpoint.Port) };

        InvalidRequestException refusal = await Assert.ThrowsAsync<InvalidRequestException>(
            () => RespConnection.ConnectAsync(address, KnownPassword.Instance, InAws, TimeProvider.System, default));

        Assert.Contains(host, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task Caches_of_AWS_keep_to_the_rule_in_all_that_they_do()
    {
        await using FakeCacheServer server = FakeCacheServer.Start(connection => connection.ListenAsync());
        LiveCaches caches = new(KnownPassword.Instance, TimeProvider.System, InAws);

        await Assert.ThrowsAsync<InvalidRequestException>(() => caches.ProbeAsync(server.Address, default));
        await Assert.ThrowsAsync<InvalidRequestException>(() => caches.ConnectTargetAsync(server.Address, default));
        await Assert.ThrowsAsync<InvalidRequestException>(() => caches.Source(server.Address, BackupMethod.Stream).OpenAsync(default));
        Assert.Equal(0, server.Connections);
    }

    [Theory]
    [InlineData(CacheEngine.Redis)]
    [InlineData(CacheEngine.Valkey)]
    public async Task Node_of_a_cluster_that_announces_a_local_address_is_not_asked_there(CacheEngine engine)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(new ServerOptions
        {
            Engine = engine,
            Configuration = ["cluster-enabled yes", "cluster-announce-ip 169.254.169.254"],
        });
        await ClusterProcesses.SendAsync(server, "CLUSTER", "ADDSLOTSRANGE", 0, 16_383);
        ServiceParts parts = PartsBut(IPAddress.Loopback);
        await AddAsync(parts, server, CacheTopology.ClusterEnabled);
        BackupJob job = await BeginAsync(parts);

        // The node that was registered may be asked for its shards; what it says of itself leads elsewhere.
        await new SurveyCluster(parts).RunAsync(job, 0, default);
        var refused = await Assert.ThrowsAsync<InvalidRequestException>(() => new SnapshotShard(parts).RunAsync(job, 1, default));
        Assert.Contains("leads to 169.254.169.254", refused.Message, StringComparison.Ordinal);
        Assert.Contains("cluster-announce-ip", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replica_that_announces_a_local_address_is_passed_over()
    {
        await using ServerProcess primary = await ServerProcess.StartAsync(CacheEngine.Redis);
        await using ServerProcess replica = await ServerProcess.StartAsync(new ServerOptions
        {
            Configuration = [$"replicaof 127.0.0.1 {primary.Port}", "replica-announce-ip 169.254.169.254"],
        });
        await using CacheClient client = await primary.ConnectAsync();
        while (!(await client.TextAsync("INFO", "replication")).Contains("state=online", StringComparison.Ordinal))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        ServiceParts parts = PartsBut(IPAddress.Loopback);
        await AddAsync(parts, primary, CacheTopology.ClusterDisabled);
        ShardManifest shard = await new SnapshotShard(parts).RunAsync(await BeginAsync(parts), 1, default);
        Assert.EndsWith(
            $"from the primary: no replica serves (169.254.169.254:{replica.Port} is none of the hosts or addresses that may be connected to)",
            shard.Method,
            StringComparison.Ordinal);
    }

    private static ServiceParts PartsBut(IPAddress allowed) => new MemoryService(TimeProvider.System).Parts with
    {
        Caches = new LiveCaches(
            KnownPassword.Instance, TimeProvider.System, RespConnectionOptions.Default with { Addresses = AddressRule.NothingLocalBut(allowed) }),
    };

    private static async Task AddAsync(ServiceParts parts, ServerProcess server, CacheTopology topology)
    {
        Cache cache = new()
        {
            Name = CacheName.Parse("source"),
            Status = CacheStatus.Available,
            CreatedAt = parts.Time.GetUtcNow(),
            Shards = [new CacheShard(1, server.Address)],
            Engine = server.Engine,
            EngineVersion = await server.VersionAsync(),
            Topology = topology,
        };
        Assert.True(await parts.Catalog.Caches.TryCreateAsync(cache.Name, cache, default));
    }

    private static async Task<BackupJob> BeginAsync(ServiceParts parts)
    {
        Backup started = await new StartBackup(parts).RunAsync(
            new StartBackupRequest(BackupName.Parse("first"), CacheName.Parse("source"), BackupKind.Manual), default);
        return new BackupJob(started.Execution, started.Name, started.Cache, started.Generation);
    }
}
