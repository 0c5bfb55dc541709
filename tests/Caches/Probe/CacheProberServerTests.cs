using CacheBackup.Caches.Probe;
using CacheBackup.Core.Model;
using CacheBackup.Core.Snapshots;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.Caches.Tests.Probe;

/// <summary>The probe on real servers.</summary>
[Trait("Category", "Server")]
public sealed class CacheProberServerTests
{
    private const string Password = KnownPassword.Default;
    private const string FullRights = "+info +time +function|list +command|info +acl|whoami +acl|dryrun +replconf +psync";

    public static TheoryData<CacheEngine> Engines => [CacheEngine.Redis, CacheEngine.Valkey];

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_node_is_described_as_it_is(CacheEngine engine)
    {
        await using ServerProcess server = await StartAsync(engine, "maxmemory 300mb");
        await using CacheClient client = await server.ConnectAsync();
        await SampleData.WriteAsync(client);
        CacheProbe probe = await ProbeAsync(server.Address);
        Assert.Equal(engine, probe.Engine);
        string version = engine == CacheEngine.Valkey ? "valkey_version" : "redis_version";
        Assert.Contains($"\n{version}:{probe.Version}\r\n", await client.TextAsync("INFO", "server"), StringComparison.Ordinal);
        Assert.Equal(40, probe.RunId.Length);
        Assert.InRange((TimeProvider.System.GetUtcNow() - probe.ServerTime).TotalSeconds, -1, 30);
        Assert.False(probe.ClusterEnabled);
        Assert.False(probe.IsReplica);
        Assert.False(probe.IsLoading);
        Assert.Equal([0, 3, 9], probe.KeysByDatabase.Keys.Order());
        foreach ((int database, long keys) in probe.KeysByDatabase)
        {
            await client.RequireAsync("SELECT", database);
            Assert.True((await client.RequireAsync("DBSIZE")).TryGetNumber(out long size));
            Assert.Equal(size, keys);
            Assert.Equal(3, probe.ExpiringKeysByDatabase[database]);
        }

        Assert.Equal(1, probe.FunctionLibraries);
        Assert.Equal(300L * 1024 * 1024, probe.MaxMemoryBytes);
        Assert.InRange(probe.UsedMemoryBytes, 500_000, 300_000_000);
        Assert.True(probe.TotalSystemMemoryBytes > 500_000_000);
        Assert.Null(probe.ReplicationRefusal);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_probe_leaves_the_node_as_it_was(CacheEngine engine)
    {
        await using ServerProcess server = await StartAsync(engine);
        await using CacheClient client = await server.ConnectAsync();
        await ProbeAsync(server.Address);
        ServerInfo info = ServerInfo.Parse(await client.TextAsync("INFO", "everything"));
        Assert.Equal(0, info.Number("total_forks", absent: -1));
        Assert.Equal(0, info.Number("sync_full", absent: -1));
        Assert.Equal(0, info.Number("connected_slaves", absent: -1));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task The_least_ACL_is_enough_and_tells_less(CacheEngine engine)
    {
        await using ServerProcess server = await StartAsync(engine, $"user backup on \">{Password}\" +info +time");
        CacheProbe probe = await ProbeAsync(AsBackupUser(server));
        Assert.Null(probe.FunctionLibraries);
        Assert.Null(probe.ReplicationRefusal);
    }

    [Theory]
    [InlineData(CacheEngine.Redis, FullRights, null)]
    [InlineData(CacheEngine.Valkey, FullRights, null)]
    [InlineData(CacheEngine.Redis, FullRights + " -psync +sync", null)]
    [InlineData(CacheEngine.Redis, FullRights + " -psync", "+psync")]
    [InlineData(CacheEngine.Valkey, FullRights + " -psync", "+psync")]
    [InlineData(CacheEngine.Redis, FullRights + " -replconf", "+replconf")]
    [InlineData(CacheEngine.Valkey, FullRights + " -replconf", "+replconf")]
    public async Task Missing_rights_to_replicate_are_told(CacheEngine engine, string rights, string? missing)
    {
        await using ServerProcess server = await StartAsync(engine, $"user backup on \">{Password}\" {rights}");
        CacheProbe probe = await ProbeAsync(AsBackupUser(server));
        Assert.Equal(missing is null, probe.ReplicationRefusal is null);
        Assert.Contains(missing ?? string.Empty, probe.ReplicationRefusal ?? string.Empty, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Replication_renamed_away_is_told(CacheEngine engine)
    {
        await using ServerProcess server = await StartAsync(engine, "rename-command PSYNC \"\"", "rename-command SYNC \"\"");
        CacheProbe probe = await ProbeAsync(server.Address);
        Assert.Contains("renamed or disabled", probe.ReplicationRefusal, StringComparison.Ordinal);
        await using ServerProcess withSync = await StartAsync(engine, "rename-command PSYNC \"\"");
        Assert.Null((await ProbeAsync(withSync.Address)).ReplicationRefusal);
    }

    [Theory]
    [InlineData(CacheEngine.Redis, "+info")]
    [InlineData(CacheEngine.Valkey, "+time")]
    public async Task Without_the_least_ACL_the_probe_is_denied(CacheEngine engine, string only)
    {
        await using ServerProcess server = await StartAsync(engine, $"user backup on \">{Password}\" {only}");
        var denied = await Assert.ThrowsAsync<CacheAccessDeniedException>(() => ProbeAsync(AsBackupUser(server)));
        Assert.Contains(only == "+info" ? "+time" : "+info", denied.Message, StringComparison.Ordinal);
        Assert.Contains("cache-backup rights", denied.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_replica_without_its_primary_is_loading(CacheEngine engine)
    {
        foreach (string stale in (string[])["yes", "no"])
        {
            await using ServerProcess server = await StartAsync(engine, "replicaof 127.0.0.1 1", $"replica-serve-stale-data {stale}");
            CacheProbe probe = await ProbeAsync(server.Address);
            Assert.True(probe.IsReplica);
            Assert.True(probe.IsLoading);
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_node_that_loads_is_loading(CacheEngine engine)
    {
        await using ServerProcess origin = await StartAsync(engine);
        await using CacheClient client = await origin.ConnectAsync();
        await SampleData.WriteAsync(client);
        await client.RequireAsync("SAVE");
        await using ServerProcess server = await ServerProcess.StartAsync(new ServerOptions
        {
            Engine = engine,
            RdbFile = Path.Combine(origin.DirectoryPath, "dump.rdb"),
            Configuration = ["key-load-delay 3000", "loading-process-events-interval-bytes 1024"],
            MayBeLoading = true,
        });
        CacheProbe probe = await ProbeAsync(server.Address);
        Assert.True(probe.IsLoading);
        Assert.False(probe.IsReplica);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_node_of_a_cluster_says_so(CacheEngine engine)
    {
        await using ServerProcess server = await StartAsync(engine, "cluster-enabled yes");
        CacheProbe probe = await ProbeAsync(server.Address);
        Assert.True(probe.ClusterEnabled);
        Assert.Empty(probe.KeysByDatabase);
    }

    private static async Task<CacheProbe> ProbeAsync(CacheAddress address)
    {
        await using RespConnection connection = await RespConnection.ConnectAsync(
            address, KnownPassword.Instance, RespConnectionOptions.Default, TimeProvider.System, default);
        CacheProbe probe = await CacheProber.ProbeAsync(connection, default);
        Assert.Equal(0, connection.AwaitedReplies);
        return probe;
    }

    private static CacheAddress AsBackupUser(ServerProcess server) => server.Address with { Username = "backup", Password = KnownPassword.Reference };

    private static Task<ServerProcess> StartAsync(CacheEngine engine, params string[] configuration) =>
        ServerProcess.StartAsync(new ServerOptions { Engine = engine, Configuration = configuration });
}
