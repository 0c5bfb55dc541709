using CacheBackup.Caches.Scan;
using CacheBackup.Core.Model;
using CacheBackup.Core.Resp;
using CacheBackup.Core.Snapshots;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures.Caches;
using CacheBackup.Fixtures.Snapshots;

namespace CacheBackup.Caches.Tests.Scan;

/// <summary>What was taken of one data set never stands in a file beside what was taken of another.</summary>
[Trait("Category", "Server")]
public sealed class ExchangedDataTests
{
    private const int Keys = 3_000;
    private static readonly SliceLimit OneThousand = new() { Keys = 1_000 };
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly MemoryObjectStore _store = new(TimeProvider.System);

    [Theory]
    [InlineData(0)]
    [InlineData(2_840)]
    public async Task A_server_that_comes_back_with_fewer_keys_costs_all_that_was_taken(int kept)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(CacheEngine.Redis);
        SlicedRun run = RunOn(() => server);
        await using (CacheClient client = await server.ConnectAsync())
        {
            await SlicedScanTests.SetAsync(client, "key", kept);
            await client.RequireAsync("SAVE");
            await SlicedScanTests.SetAsync(client, "key", Keys);
        }

        Assert.False(await run.TakeAsync(OneThousand));
        await server.KillAsync();
        await server.StartAgainAsync();
        await RequireBegunAnewAsync(run, $"is another process than the one that was scanned, and has lost keys ({kept:N0} of 3,000 in database 0 are left)", kept);
    }

    [Fact]
    public async Task A_node_that_takes_over_and_was_emptied_costs_all_that_was_taken()
    {
        await using ServerProcess first = await FilledAsync();
        await using ServerProcess second = await ServerProcess.StartAsync(CacheEngine.Valkey);
        ServerProcess now = first;
        SlicedRun run = RunOn(() => now);
        Assert.False(await run.TakeAsync(OneThousand));
        now = second;
        await RequireBegunAnewAsync(run, "has lost keys (0 of 3,000 in database 0 are left)", 0);
    }

    /// <summary>The primary is flushed while the replica is away: neither the process nor the history's name tells.</summary>
    [Fact]
    public async Task A_replica_that_is_sent_its_primarys_data_anew_costs_all_that_was_taken()
    {
        await using ServerProcess primary = await ServerProcess.StartAsync(new ServerOptions
        {
            Engine = CacheEngine.Redis,
            Configuration = ["repl-backlog-size 16kb", "repl-diskless-sync-delay 0"],
        });
        await using CacheClient client = await primary.ConnectAsync();
        await SlicedScanTests.SetAsync(client, "key", Keys);
        await using ServerProcess replica = await ServerProcess.StartAsync(new ServerOptions
        {
            Engine = CacheEngine.Redis,
            Configuration = [$"replicaof 127.0.0.1 {primary.Port}"],
        });
        await using CacheClient ofReplica = await replica.ConnectAsync();
        await SizeComesToAsync(ofReplica, Keys);
        SlicedRun run = RunOn(() => replica);
        Assert.False(await run.TakeAsync(OneThousand));
        replica.Pause();
        await client.RequireAsync("CLIENT", "KILL", "TYPE", "replica");
        await client.RequireAsync("FLUSHALL");
        await SlicedScanTests.SetAsync(client, "other", Keys + 1);
        replica.Resume();
        await SizeComesToAsync(ofReplica, Keys + 1);
        await RequireBegunAnewAsync(run, "was sent its primary's data anew", Keys + 1);
    }

    [Theory]
    [InlineData("CONFIG RESETSTAT", "FLUSHALL", "ran FLUSHALL")]
    [InlineData("FLUSHALL", "CONFIG RESETSTAT", "may have been emptied since it was last scanned (0 of 3,000 in database 0 are left)")]
    public async Task Counters_that_are_set_back_hide_no_flush(string first, string second, string reason)
    {
        await using ServerProcess server = await FilledAsync();
        await using CacheClient client = await server.ConnectAsync();
        SlicedRun run = RunOn(() => server);
        Assert.False(await run.TakeAsync(OneThousand));
        await client.RequireAsync(Words(first));
        await client.RequireAsync(Words(second));
        await RequireBegunAnewAsync(run, reason, 0);
    }

    [Fact]
    public async Task Counters_that_are_set_back_cost_nothing_and_count_nothing_below_zero()
    {
        await using ServerProcess server = await FilledAsync();
        await using CacheClient client = await server.ConnectAsync();
        await client.RequireAsync("SET", "brief", "x", "PX", 1);
        await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        _ = await client.TextAsync("INFO");
        await client.SendAsync("GET", "brief");
        SlicedRun run = RunOn(() => server);
        Assert.False(await run.TakeAsync(OneThousand));
        await client.RequireAsync("CONFIG", "RESETSTAT");
        Assert.Equal(Keys, RdbContent.Of(await run.RunToEndAsync(OneThousand)).Entries.Count);
        ScanReport report = run.Result!.Result.Origin.Scan!;
        Assert.Equal((0, 0, null), (report.Expired, report.Evicted, report.Rescans));
    }

    private static RespArgument[] Words(string command) => [.. command.Split(' ').Select(word => (RespArgument)word)];

    private static async Task<ServerProcess> FilledAsync()
    {
        ServerProcess server = await ServerProcess.StartAsync(CacheEngine.Redis);
        await using CacheClient client = await server.ConnectAsync();

        // A counter that begins above zero and is set back can come to the same number again.
        await client.RequireAsync("FLUSHALL");
        await SlicedScanTests.SetAsync(client, "key", Keys);
        return server;
    }

    private SlicedRun RunOn(Func<ServerProcess> server) =>
        new(() => new ScanSource(server().Address, KnownPassword.Instance, ScanOptions.Default, TimeProvider.System), _store);

    private static async Task RequireBegunAnewAsync(SlicedRun run, string reason, int keys)
    {
        var cut = await Assert.ThrowsAsync<TransferCutException>(() => run.TakeAsync(OneThousand));
        Assert.Contains(reason, cut.Message, StringComparison.Ordinal);
        Assert.Equal(keys, RdbContent.Of(await run.RunToEndAsync(OneThousand)).Entries.Count);
    }

    private static async Task SizeComesToAsync(CacheClient client, int keys)
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        while (!(await client.TextAsync("INFO", "keyspace")).Contains($"keys={keys},", StringComparison.Ordinal))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }
    }
}
