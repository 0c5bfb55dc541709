using System.Text.Json;
using CacheBackup.Core.Model;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.EndToEnd;

/// <summary>Caches without cluster mode that have replicas: real servers, through the whole service.</summary>
[Trait("Category", "Server")]
public sealed class ReplicaTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(CacheEngine.Redis)]
    [InlineData(CacheEngine.Valkey)]
    public async Task A_replica_in_sync_is_taken_and_no_other(CacheEngine engine)
    {
        await using ServerProcess stranger = await ServerProcess.StartAsync(engine);
        await using ServerProcess primary = await ServerProcess.StartAsync(engine);
        await SampleDataAsync(primary);
        await using ServerProcess first = await StartReplicaAsync(primary);

        // Where this one says that it is reached is another server, which replicates nothing.
        await using ServerProcess second = await StartReplicaAsync(primary, $"replica-announce-port {stranger.Port}");
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        await service.RegisterAsync("source", primary.Port);
        JsonElement available = (await service.GetAsync("/events?cache=source")).Body.GetProperty("events").EnumerateArray()
            .Single(e => e.GetProperty("code").GetString() == "cache-available");
        Assert.Contains($"At this moment: from replica 127.0.0.1:{first.Port}, ", available.GetProperty("message").GetString(), StringComparison.Ordinal);

        string forks = await ForksAsync(primary);
        JsonElement backup = await BackUpAsync(service, "first");
        Assert.Contains($"from replica 127.0.0.1:{first.Port}, ", MethodOf(backup), StringComparison.Ordinal);
        Assert.Equal(forks, await ForksAsync(primary));
        await RequireEqualAsync(service, "first", primary);

        // It says nothing any more, and the other is still no replica: a moment later the primary is taken.
        first.Pause();
        string silent = MethodOf(await BackUpAsync(service, "second"));
        Assert.Contains("from the primary: no replica serves (", silent, StringComparison.Ordinal);
        Assert.Contains($"127.0.0.1:{first.Port} does not answer within 2 s", silent, StringComparison.Ordinal);
        Assert.Contains($"127.0.0.1:{stranger.Port} is no replica", silent, StringComparison.Ordinal);

        // It answers again, and the other address leads to a replica of somebody else's.
        first.Resume();
        await using ServerProcess theirs = await ServerProcess.StartAsync(engine);
        await ClusterProcesses.SendAsync(stranger, "REPLICAOF", "127.0.0.1", theirs.Port);
        await UntilLinkedAsync(stranger);
        await ClusterProcesses.SendAsync(first, "REPLICAOF", "127.0.0.1", theirs.Port);
        string others = MethodOf(await BackUpAsync(service, "third"));
        Assert.Contains($"127.0.0.1:{stranger.Port} follows another primary", others, StringComparison.Ordinal);
        Assert.DoesNotContain($":{first.Port}", others, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CacheEngine.Redis)]
    [InlineData(CacheEngine.Valkey)]
    public async Task A_failover_between_the_choice_and_the_transfer_costs_another_attempt(CacheEngine engine)
    {
        await using ServerProcess primary = await ServerProcess.StartAsync(engine);
        await SampleDataAsync(primary);
        await using ServerProcess replica = await StartReplicaAsync(primary);
        MeddledCaches? caches = null;
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync(
            decorate: parts => parts with { Caches = caches = new MeddledCaches(parts.Caches) });
        await service.RegisterAsync("source", primary.Port);
        int transfers = 0;
        caches!.BeforeTransfer = async _ =>
        {
            if (++transfers == 1)
            {
                await ClusterProcesses.SendAsync(replica, "REPLICAOF", "NO", "ONE");
                await ClusterProcesses.SendAsync(replica, "SET", "written", "there alone");
                await ClusterProcesses.SendAsync(primary, "SET", "written", "by the cache");
            }
        };
        JsonElement backup = await service.BackUpAsync("first", "source");
        Assert.Equal(2, transfers);
        Assert.Contains("from the primary: it has no replica", MethodOf(backup), StringComparison.Ordinal);
        await RequireEqualAsync(service, "first", primary);
    }

    [Fact]
    public async Task A_replica_is_scanned_in_slices_and_its_primary_left_alone()
    {
        await using ServerProcess primary = await ServerProcess.StartAsync(CacheEngine.Redis);
        await SampleDataAsync(primary);
        await using ServerProcess first = await StartReplicaAsync(primary);
        await using ServerProcess second = await StartReplicaAsync(primary);
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync(
            decorate: parts => parts with { SliceLength = TimeSpan.FromTicks(1) });
        await service.PostAsync("/caches", new { name = "source", host = "127.0.0.1", port = primary.Port, method = "scan" });
        await service.WaitForAsync("/caches/source", "available");
        JsonElement backup = await service.BackUpAsync("first", "source");
        Assert.Contains("from replica 127.0.0.1:", MethodOf(backup), StringComparison.Ordinal);
        JsonElement scan = backup.GetProperty("shards")[0].GetProperty("scan");
        Assert.True(scan.GetProperty("slices").GetInt32() >= 3);
        Assert.False(scan.TryGetProperty("rescans", out _));
        Assert.DoesNotContain("cmdstat_dump", await InfoAsync(primary), StringComparison.Ordinal);
        await RequireEqualAsync(service, "first", primary);
    }

    /// <summary>And until the cache may be backed up again.</summary>
    private static async Task<JsonElement> BackUpAsync(ServiceUnderTest service, string name)
    {
        JsonElement backup = await service.BackUpAsync(name, "source");
        await service.WaitForAsync("/caches/source", "available");
        return backup;
    }

    private static async Task SampleDataAsync(ServerProcess server)
    {
        await using CacheClient client = await server.ConnectAsync();
        await SampleData.WriteAsync(client);

        // What a consumer group has read is not told to replicas in full: the server itself has another stream there.
        await client.RequireAsync("DEL", "stream");
    }

    private static async Task<ServerProcess> StartReplicaAsync(ServerProcess primary, params string[] configuration)
    {
        ServerProcess replica = await ServerProcess.StartAsync(new ServerOptions
        {
            Engine = primary.Engine,
            Configuration = [$"replicaof 127.0.0.1 {primary.Port}", .. configuration],
        });
        await UntilLinkedAsync(replica);
        return replica;
    }

    /// <summary>And until its primary knows how far it has come.</summary>
    private static async Task UntilLinkedAsync(ServerProcess replica)
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        while (!(await InfoAsync(replica)).Contains("master_link_status:up", StringComparison.Ordinal))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }
    }

    private static async Task<string> InfoAsync(ServerProcess server)
    {
        await using CacheClient client = await server.ConnectAsync();
        return await client.TextAsync("INFO", "everything");
    }

    /// <summary>How often it forked.</summary>
    private static async Task<string> ForksAsync(ServerProcess server) =>
        (await InfoAsync(server)).Split("\r\n").Single(line => line.StartsWith("total_forks:", StringComparison.Ordinal));

    private static string MethodOf(JsonElement backup) => backup.GetProperty("shards")[0].GetProperty("method").GetString()!;

    private static async Task RequireEqualAsync(ServiceUnderTest service, string backup, ServerProcess expected)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(expected.Engine);
        await ClusterTests.RestoreAsync(service, backup, "restored", server.Port);
        ClusterContents.AssertEqual(await ClusterContents.ReadAsync(expected), await ClusterContents.ReadAsync(server));
    }
}
