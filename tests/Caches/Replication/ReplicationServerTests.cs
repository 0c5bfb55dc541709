using System.IO.Pipelines;
using CacheBackup.Caches.Replication;
using CacheBackup.Core.Model;
using CacheBackup.Core.Snapshots;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.Caches.Tests.Replication;

/// <summary>The source on real servers: rights, refusals, and what the transfer costs them.</summary>
[Trait("Category", "Server")]
public sealed class ReplicationServerTests
{
    private const string Password = KnownPassword.Default;

    // What ReplicationSource's documentation promises to be enough.
    private const string LeastAcl = "+replconf +psync +info +time";

    public static TheoryData<CacheEngine, bool> Media => new()
    {
        { CacheEngine.Redis, false },
        { CacheEngine.Redis, true },
        { CacheEngine.Valkey, false },
        { CacheEngine.Valkey, true },
    };

    public static TheoryData<CacheEngine> Engines => [CacheEngine.Redis, CacheEngine.Valkey];

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_password_alone_is_enough(CacheEngine engine)
    {
        await using ServerProcess server = await StartAsync(engine, $"requirepass \"{Password}\"");
        await using CacheClient client = await server.ConnectAsync(Password);
        await SampleData.WriteAsync(client);
        await RdbEquality.VerifyAsync(engine, client, await TakeAsync(server.Address with { Password = KnownPassword.Reference }));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task The_least_ACL_is_enough(CacheEngine engine)
    {
        await using ServerProcess server = await StartAsync(engine, "user default off", $"user backup on \">{Password}\" {LeastAcl}");
        byte[] rdb = await TakeAsync(AsBackupUser(server));
        Assert.True(rdb.AsSpan().StartsWith("REDIS"u8));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Each_right_of_the_least_ACL_is_needed(CacheEngine engine)
    {
        foreach (string right in LeastAcl.Split(' '))
        {
            string rest = string.Join(' ', LeastAcl.Split(' ').Where(r => r != right));
            await using ServerProcess server = await StartAsync(engine, $"user backup on \">{Password}\" {rest}");
            Type expected = right == "+psync" ? typeof(ReplicationRefusedException) : typeof(CacheAccessDeniedException);
            Exception thrown = await Assert.ThrowsAsync(expected, () => TakeAsync(AsBackupUser(server)));
            Assert.Contains(right, thrown.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task SYNC_alone_is_enough_where_PSYNC_is_forbidden_or_renamed(CacheEngine engine)
    {
        await using ServerProcess forbidding = await StartAsync(engine, $"user backup on \">{Password}\" +replconf +sync +info +time");
        await using SnapshotTransfer transfer = await Source(AsBackupUser(forbidding)).OpenAsync(default);
        Assert.Contains("by SYNC", transfer.Origin.Method, StringComparison.Ordinal);
        Assert.NotEmpty(await Drain.AllAsync(transfer.Content));

        await using ServerProcess renaming = await StartAsync(engine, "rename-command PSYNC \"\"");
        Assert.NotEmpty(await TakeAsync(renaming.Address));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Replication_renamed_away_is_a_refusal(CacheEngine engine)
    {
        await using ServerProcess server = await StartAsync(engine, "rename-command PSYNC \"\"", "rename-command SYNC \"\"");
        var refused = await Assert.ThrowsAsync<ReplicationRefusedException>(() => TakeAsync(server.Address));
        Assert.Contains("PSYNC was refused (unknown command)", refused.Message, StringComparison.Ordinal);
        Assert.Contains("SYNC as well (unknown command)", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Wrong_credentials_are_denied(CacheEngine engine)
    {
        await using ServerProcess server = await StartAsync(engine, "requirepass another", "user backup on >another +@all", "user resting off >x +@all");
        CacheAddress address = server.Address with { Password = KnownPassword.Reference };
        foreach (CacheAddress wrong in (CacheAddress[])[address, address with { Username = "backup" }, address with { Username = "nobody" }, address with { Username = "resting" }, server.Address])
        {
            var denied = await Assert.ThrowsAsync<CacheAccessDeniedException>(() => TakeAsync(wrong));
            Assert.DoesNotContain(Password, denied.ToString(), StringComparison.Ordinal);
            Assert.Contains("password", denied.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_password_that_the_cache_does_not_have_is_said_to_be_too_much(CacheEngine engine)
    {
        await using ServerProcess server = await StartAsync(engine);
        var denied = await Assert.ThrowsAsync<CacheAccessDeniedException>(() => TakeAsync(server.Address with { Password = KnownPassword.Reference }));
        Assert.Contains("has no password", denied.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_server_that_loads_is_to_be_tried_later(CacheEngine engine)
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
        await Assert.ThrowsAsync<CacheLoadingException>(() => TakeAsync(server.Address));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_replica_without_its_primary_is_to_be_tried_later(CacheEngine engine)
    {
        await using ServerProcess server = await StartAsync(engine, "replicaof 127.0.0.1 1");
        await Assert.ThrowsAsync<CacheLoadingException>(() => TakeAsync(server.Address));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_replica_gives_its_data_and_stays_a_replica(CacheEngine engine)
    {
        await using ServerProcess primary = await StartAsync(engine);
        await using CacheClient primaryClient = await primary.ConnectAsync();
        await SampleData.WriteAsync(primaryClient);
        await using ServerProcess replica = await StartAsync(engine, $"replicaof 127.0.0.1 {primary.Port}");
        await using CacheClient replicaClient = await replica.ConnectAsync();
        await UntilAsync(async () => (await replicaClient.TextAsync("INFO", "replication")).Contains("master_link_status:up", StringComparison.Ordinal));
        await RdbEquality.VerifyAsync(engine, primaryClient, await TakeAsync(replica.Address));
        Assert.Contains("master_link_status:up", await replicaClient.TextAsync("INFO", "replication"), StringComparison.Ordinal);
        Assert.Equal(1, await NumberAsync(primaryClient, "sync_full"));
    }

    [Theory]
    [MemberData(nameof(Media))]
    public async Task One_transfer_is_one_fork_and_leaves_no_replica(CacheEngine engine, bool isDiskless)
    {
        await using ServerProcess server = await StartAsync(engine, Medium(isDiskless));
        await using CacheClient client = await server.ConnectAsync();
        await SampleData.WriteAsync(client, bulkBytes: 2_000_000);
        long forks = await NumberAsync(client, "total_forks");
        Assert.NotEmpty(await TakeAsync(server.Address));
        await UntilAsync(async () => await NumberAsync(client, "connected_slaves") == 0);
        Assert.Equal(1, await NumberAsync(client, "total_forks") - forks);
        Assert.Equal(1, await NumberAsync(client, "sync_full"));
        Assert.Equal(0, await NumberAsync(client, "sync_partial_err"));
        Assert.Single((await client.TextAsync("CLIENT", "LIST")).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [MemberData(nameof(Media))]
    public async Task While_we_read_slowly_writes_do_not_pile_up_for_us(CacheEngine engine, bool isDiskless)
    {
        await using ServerProcess server = await StartAsync(engine, Medium(isDiskless), "client-output-buffer-limit replica 8mb 8mb 1");
        await using CacheClient client = await server.ConnectAsync();
        await SampleData.WriteAsync(client, bulkBytes: 24_000_000);
        string expected = await client.TextAsync("DEBUG", "DIGEST");
        await using SnapshotTransfer transfer = await Source(server.Address).OpenAsync(default);
        ReadResult first = await transfer.Content.ReadAsync();
        transfer.Content.AdvanceTo(first.Buffer.Start, first.Buffer.End);

        // Twice the limit for replicas: without rdb-only this cuts the transfer.
        for (int i = 0; i < 16; i++)
        {
            await client.RequireAsync("SET", "written:meanwhile", new byte[1_000_000]);
            Assert.InRange(await NumberAsync(client, "mem_clients_slaves"), 0, 1_000_000);
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }

        byte[] rdb = await Drain.AllAsync(transfer.Content);
        await client.RequireAsync("DEL", "written:meanwhile");
        Assert.Equal(expected, await client.TextAsync("DEBUG", "DIGEST"));
        await RdbEquality.VerifyAsync(engine, client, rdb);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_pause_longer_than_repl_timeout_does_not_cut_a_disk_backed_transfer(CacheEngine engine)
    {
        await using ServerProcess server = await StartAsync(engine, Medium(isDiskless: false), "repl-timeout 2");
        await using CacheClient client = await server.ConnectAsync();
        await SampleData.WriteAsync(client, bulkBytes: 24_000_000);
        await using SnapshotTransfer transfer = await Source(server.Address).OpenAsync(default);
        await Task.Delay(TimeSpan.FromSeconds(4.5), TimeProvider.System);
        await RdbEquality.VerifyAsync(engine, client, await Drain.AllAsync(transfer.Content));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_pause_longer_than_repl_timeout_cuts_a_diskless_transfer_and_is_seen(CacheEngine engine)
    {
        await using ServerProcess server = await StartAsync(engine, Medium(isDiskless: true), "repl-timeout 2");
        await using CacheClient client = await server.ConnectAsync();
        await SampleData.WriteAsync(client, bulkBytes: 24_000_000);
        await using SnapshotTransfer transfer = await Source(server.Address).OpenAsync(default);
        await Task.Delay(TimeSpan.FromSeconds(6), TimeProvider.System);
        await Assert.ThrowsAsync<TransferCutException>(() => Drain.AllAsync(transfer.Content));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Waiting_for_the_diskless_delay_is_no_stall(CacheEngine engine)
    {
        await using ServerProcess server = await StartAsync(engine, Medium(isDiskless: true), "repl-diskless-sync-delay 5");
        ReplicationOptions options = ReplicationOptions.Default with { StallTimeout = TimeSpan.FromSeconds(3.5) };
        long began = TimeProvider.System.GetTimestamp();
        await using SnapshotTransfer transfer = await Source(server.Address, options).OpenAsync(default);
        Assert.True(TimeProvider.System.GetElapsedTime(began) > TimeSpan.FromSeconds(3.6), "The server did not wait: this test shows nothing.");
        Assert.NotEmpty(await Drain.AllAsync(transfer.Content));
    }

    [Theory]
    [MemberData(nameof(Media))]
    public async Task A_server_that_is_killed_cuts_the_transfer(CacheEngine engine, bool isDiskless)
    {
        await using ServerProcess server = await StartAsync(engine, Medium(isDiskless));
        await using SnapshotTransfer transfer = await BeginLongTransferAsync(server, ReplicationOptions.Default);
        await server.KillAsync();
        await Assert.ThrowsAsync<TransferCutException>(() => Drain.AllAsync(transfer.Content));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_server_that_hangs_is_given_up(CacheEngine engine)
    {
        await using ServerProcess server = await StartAsync(engine, Medium(isDiskless: false));
        await using SnapshotTransfer transfer = await BeginLongTransferAsync(server, ReplicationOptions.Default with { StallTimeout = TimeSpan.FromSeconds(4) });
        server.Pause();
        try
        {
            await Assert.ThrowsAsync<TransferStalledException>(() => Drain.AllAsync(transfer.Content));
        }
        finally
        {
            server.Resume();
        }
    }

    private static async Task<SnapshotTransfer> BeginLongTransferAsync(ServerProcess server, ReplicationOptions options)
    {
        await using CacheClient client = await server.ConnectAsync();
        await SampleData.WriteAsync(client, bulkBytes: 24_000_000);
        SnapshotTransfer transfer = await Source(server.Address, options).OpenAsync(default);
        ReadResult first = await transfer.Content.ReadAsync();
        Assert.False(first.IsCompleted);
        transfer.Content.AdvanceTo(first.Buffer.End);
        return transfer;
    }

    private static async Task<byte[]> TakeAsync(CacheAddress address)
    {
        await using SnapshotTransfer transfer = await Source(address).OpenAsync(default);
        return await Drain.AllAsync(transfer.Content);
    }

    private static ReplicationSource Source(CacheAddress address, ReplicationOptions? options = null) =>
        new(address, KnownPassword.Instance, options ?? ReplicationOptions.Default, TimeProvider.System);

    private static CacheAddress AsBackupUser(ServerProcess server) => server.Address with { Username = "backup", Password = KnownPassword.Reference };

    private static Task<ServerProcess> StartAsync(CacheEngine engine, params string[] configuration) =>
        ServerProcess.StartAsync(new ServerOptions { Engine = engine, Configuration = configuration });

    private static string Medium(bool isDiskless) => $"repl-diskless-sync {(isDiskless ? "yes" : "no")}";

    private static async Task<long> NumberAsync(CacheClient client, string name) =>
        ServerInfo.Parse(await client.TextAsync("INFO", "everything")).Number(name, absent: -1);

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20), TimeProvider.System);
        while (!await condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }
    }
}
