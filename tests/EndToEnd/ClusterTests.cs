using System.Text.Json;
using CacheBackup.Caches;
using CacheBackup.Core.Model;
using CacheBackup.Fixtures;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.EndToEnd;

/// <summary>Caches in cluster mode, through the whole service and with real clusters.</summary>
[Trait("Category", "Server")]
public sealed class ClusterTests
{
    [Theory]
    [InlineData(CacheEngine.Redis)]
    [InlineData(CacheEngine.Valkey)]
    public async Task Three_shards_go_into_five_into_one_server_and_into_three_equal_key_by_key(CacheEngine engine)
    {
        await using ClusterProcesses three = await ClusterProcesses.StartAsync(engine, shards: 3);
        await using ClusterProcesses five = await ClusterProcesses.StartAsync(engine, shards: 5);
        await using ServerProcess one = await ServerProcess.StartAsync(engine);
        await using ClusterProcesses again = await ClusterProcesses.StartAsync(engine, shards: 3);
        await SampleData.WriteAsync(three, bulkBytes: 3_000_000);
        SortedDictionary<string, string> expected = await ClusterContents.ReadAsync(three.Primaries);
        Assert.True(expected.Count > 500);
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();

        // By any one node: here not the one with the lowest slots.
        await service.RegisterAsync("three", three.Nodes[1].Port);
        JsonElement cache = (await service.GetAsync("/caches/three")).Body;
        Assert.Equal("cluster-enabled", cache.GetProperty("topology").GetString());
        Assert.Equal(three.Nodes[1].Port, cache.GetProperty("configurationAddress").GetProperty("endpoint").GetProperty("port").GetInt32());
        Assert.Equal(["0-5460", "5461-10921", "10922-16383"], cache.GetProperty("shards").EnumerateArray().Select(shard => shard.GetProperty("slots").GetString()));
        Assert.Equal(
            three.Primaries.Select(node => node.Port),
            cache.GetProperty("shards").EnumerateArray().Select(shard => shard.GetProperty("address").GetProperty("endpoint").GetProperty("port").GetInt32()));

        JsonElement first = await service.BackUpAsync("first", "three");
        Assert.Equal(expected.Count, first.GetProperty("keys").GetInt64());
        Assert.Equal("cluster-enabled", first.GetProperty("topology").GetString());
        Assert.Equal(3, first.GetProperty("shards").GetArrayLength());
        Assert.All(first.GetProperty("shards").EnumerateArray(), shard => Assert.EndsWith(
            "from the primary: no replica is up", shard.GetProperty("method").GetString(), StringComparison.Ordinal));
        Assert.Equal(["0-5460", "5461-10921", "10922-16383"], SlotsOf(first));

        JsonElement filled = await RestoreAsync(service, "first", "five", five.Nodes[3].Port);
        Assert.Equal("cluster-enabled", filled.GetProperty("topology").GetString());
        Assert.Equal(1, filled.GetProperty("restoration").GetProperty("outcome").GetProperty("functionLibraries").GetInt32());
        ClusterContents.AssertEqual(expected, await ClusterContents.ReadAsync(five.Primaries));
        foreach (ServerProcess primary in five.Primaries)
        {
            Assert.Contains("name=sample", await FunctionsAsync(primary), StringComparison.Ordinal);
        }

        JsonElement second = await service.BackUpAsync("second", "five");
        Assert.Equal(5, second.GetProperty("shards").GetArrayLength());
        await RestoreAsync(service, "second", "one", one.Port);
        ClusterContents.AssertEqual(expected, await ClusterContents.ReadAsync(one));

        await service.BackUpAsync("third", "one");
        await RestoreAsync(service, "third", "again", again.Nodes[0].Port);
        ClusterContents.AssertEqual(expected, await ClusterContents.ReadAsync(again.Primaries));
    }

    [Fact]
    public async Task A_replica_in_sync_is_taken_before_its_primary_and_the_line_says_so()
    {
        await using ClusterProcesses cluster = await ClusterProcesses.StartAsync(CacheEngine.Redis, shards: 3, replicas: 1);
        await SampleData.WriteAsync(cluster);

        // One replica is gone: its shard is taken from the primary.
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        await service.RegisterAsync("cluster", cluster.Nodes[0].Port);
        await cluster.ReplicasOf(1)[0].KillAsync();
        JsonElement backup = await service.BackUpAsync("first", "cluster");
        JsonElement[] shards = [.. backup.GetProperty("shards").EnumerateArray()];
        Assert.Contains($"from replica 127.0.0.1:{cluster.ReplicasOf(0)[0].Port}, ", MethodOf(shards[0]), StringComparison.Ordinal);
        Assert.Contains("from the primary: no replica is", MethodOf(shards[1]), StringComparison.Ordinal);
        Assert.Contains($"from replica 127.0.0.1:{cluster.ReplicasOf(2)[0].Port}, ", MethodOf(shards[2]), StringComparison.Ordinal);
        Assert.Equal((await ClusterContents.ReadAsync(cluster.Primaries)).Count, backup.GetProperty("keys").GetInt64());
    }

    [Theory]
    [InlineData(CacheEngine.Redis)]
    [InlineData(CacheEngine.Valkey)]
    public async Task A_cluster_is_scanned_key_by_key(CacheEngine engine)
    {
        await using ClusterProcesses source = await ClusterProcesses.StartAsync(new ClusterOptions { Engine = engine });
        await using ClusterProcesses target = await ClusterProcesses.StartAsync(engine, shards: 5);
        await SampleData.WriteAsync(source, bulkBytes: 500_000);
        SortedDictionary<string, string> expected = await ClusterContents.ReadAsync(source.Primaries);
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        await service.PostAsync("/caches", new { name = "source", host = "127.0.0.1", port = source.Nodes[2].Port, method = "scan" });
        await service.WaitForAsync("/caches/source", "available");
        JsonElement backup = await service.BackUpAsync("first", "source");
        Assert.All(backup.GetProperty("shards").EnumerateArray(), shard => Assert.Equal("per-key", shard.GetProperty("consistency").GetString()));
        await RestoreAsync(service, "first", "target", target.Nodes[0].Port);
        ClusterContents.AssertEqual(expected, await ClusterContents.ReadAsync(target.Primaries));
    }

    [Theory]
    [InlineData(CacheEngine.Redis, "replication", CacheAccess.Replication)]
    [InlineData(CacheEngine.Valkey, "scan", CacheAccess.Scan)]
    public async Task The_least_rights_are_enough(CacheEngine engine, string method, CacheAccess access)
    {
        using PasswordFile password = new(KnownPassword.Default);
        await using ClusterProcesses cluster = await ClusterProcesses.StartAsync(engine, shards: 3);
        foreach (ServerProcess node in cluster.Nodes)
        {
            await node.AddUserAsync("backup", LeastRights.Of(access, engine, await node.VersionAsync(), isCluster: true));
        }

        await SampleData.WriteAsync(cluster);
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        await service.PostAsync(
            "/caches", new { name = "cluster", host = "127.0.0.1", port = cluster.Nodes[0].Port, username = "backup", password = password.Reference, method });
        await service.WaitForAsync("/caches/cluster", "available");
        JsonElement backup = await service.BackUpAsync("first", "cluster");
        Assert.Equal((await ClusterContents.ReadAsync(cluster.Primaries)).Count, backup.GetProperty("keys").GetInt64());
    }

    [Theory]
    [InlineData(CacheEngine.Redis)]
    [InlineData(CacheEngine.Valkey)]
    public async Task A_cluster_over_TLS_is_registered_by_any_node_backed_up_and_filled_again(CacheEngine engine)
    {
        using TestCertificates certificates = new();
        await using ClusterProcesses cluster = await ClusterProcesses.StartAsync(new ClusterOptions { Engine = engine, Certificates = certificates });
        await SampleData.WriteAsync(cluster);
        SortedDictionary<string, string> expected = await ClusterContents.ReadAsync(cluster.Primaries);
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        var tls = new { authoritiesPem = certificates.AuthorityPem };
        await service.PostAsync("/caches", new { name = "source", host = "localhost", port = cluster.Nodes[1].Port, tls });
        await service.WaitForAsync("/caches/source", "available");
        JsonElement backup = await service.BackUpAsync("first", "source");
        Assert.Equal(expected.Count, backup.GetProperty("keys").GetInt64());
        Assert.Equal(3, backup.GetProperty("shards").GetArrayLength());

        // The same nodes, empty: another three would cost more and show no more.
        await service.WaitForAsync("/caches/source", "available");
        await service.Client.RemoveAsync("/caches/source");
        foreach (ServerProcess node in cluster.Primaries)
        {
            await ClusterProcesses.SendAsync(node, "FLUSHALL");
            await ClusterProcesses.SendAsync(node, "FUNCTION", "FLUSH");
        }

        await service.PostAsync(
            "/backups/first/restore", new { cache = "filled", endpoint = new { host = "localhost", port = cluster.Nodes[2].Port, tls } });
        await service.WaitForAsync("/caches/filled", "available");
        ClusterContents.AssertEqual(expected, await ClusterContents.ReadAsync(cluster.Primaries));
    }

    [Fact]
    public async Task A_file_goes_into_a_cluster_by_the_command_and_other_databases_are_refused_with_their_list()
    {
        using TemporaryDirectory directory = new();
        await using ServerProcess server = await ServerProcess.StartAsync(CacheEngine.Redis);
        await using ClusterProcesses cluster = await ClusterProcesses.StartAsync(CacheEngine.Redis, shards: 3);
        (int one, _, string told) = await ToolProcess.RunAsync(
            "snapshot", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"redis://127.0.0.1:{cluster.Nodes[2].Port}"), Path.Combine(directory.Path, "node.rdb"));
        Assert.Equal(0, one);
        Assert.Contains("is a node of a cluster: the file gets its slots alone, 10922-16383 (5462 of 16384).", told, StringComparison.Ordinal);

        await using CacheClient client = await server.ConnectAsync();
        await SampleData.WriteAsync(client, bulkBytes: 2_000_000);
        string file = Path.Combine(directory.Path, "server.rdb");
        string target = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"redis://127.0.0.1:{cluster.Nodes[2].Port}");
        Assert.Equal(0, (await ToolProcess.RunAsync("snapshot", $"redis://127.0.0.1:{server.Port}", file)).Status);
        (int refused, _, string error) = await ToolProcess.RunAsync("restore", file, target);
        Assert.Equal(1, refused);
        Assert.Contains("database(s) 3, 9", error, StringComparison.Ordinal);

        foreach (int database in (int[])[3, 9])
        {
            await client.RequireAsync("SELECT", database);
            await client.RequireAsync("FLUSHDB");
        }

        Assert.Equal(0, (await ToolProcess.RunAsync("snapshot", $"redis://127.0.0.1:{server.Port}", file, "--force")).Status);
        (int status, string output, string failure) = await ToolProcess.RunAsync("restore", file, target, "--connections", "3");
        Assert.True(status == 0, failure);
        Assert.Contains("equal in value and expiry", output, StringComparison.Ordinal);
        ClusterContents.AssertEqual(await ClusterContents.ReadAsync(server), await ClusterContents.ReadAsync(cluster.Primaries));
    }

    internal static async Task<JsonElement> RestoreAsync(ServiceUnderTest service, string backup, string cache, int port)
    {
        await service.PostAsync($"/backups/{backup}/restore", new { cache, endpoint = new { host = "127.0.0.1", port } });
        JsonElement filled = await service.WaitForAsync($"/caches/{cache}", "available");
        await service.WaitForAsync($"/backups/{backup}", "available");
        return filled;
    }

    internal static IEnumerable<string?> SlotsOf(JsonElement backup) =>
        backup.GetProperty("shards").EnumerateArray().Select(shard => shard.GetProperty("cluster").GetProperty("slots").GetString());

    private static string MethodOf(JsonElement shard) => shard.GetProperty("method").GetString()!;

    private static async Task<string> FunctionsAsync(ServerProcess node)
    {
        await using CacheClient client = await node.ConnectAsync();
        return (await client.RequireAsync("FUNCTION", "DUMP")).TryGetBytes(out ReadOnlyMemory<byte> dump)
            ? System.Text.Encoding.Latin1.GetString(dump.Span)
            : string.Empty;
    }
}
