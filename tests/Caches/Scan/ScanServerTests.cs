using System.Diagnostics;
using System.Globalization;
using CacheBackup.Caches.Scan;
using CacheBackup.Caches.Tests.Replication;
using CacheBackup.Core.Model;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Resp;
using CacheBackup.Core.Snapshots;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.Caches.Tests.Scan;

/// <summary>The scan on real servers: what is in its file, under change, with few rights, and what it refuses.</summary>
[Trait("Category", "Server")]
public sealed class ScanServerTests
{
    private const string Password = KnownPassword.Default;

    // What ScanSource's documentation promises to be enough on a server of 7.0 whose policy keeps nothing of a key's use.
    private const string LeastAcl = "~* +info +time +select +scan +multi +exec +dump +pexpiretime";

    public static TheoryData<CacheEngine> Engines => [CacheEngine.Redis, CacheEngine.Valkey];

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Every_type_in_every_database_is_in_the_file_which_each_server_loads(CacheEngine engine)
    {
        await using ScannedServer source = await ScannedServer.StartAsync(engine);
        await RespTargetDataSet.FillAsync(source.Server, seed: 3);
        (byte[] rdb, SnapshotOrigin origin) = await source.TakeAsync();

        Assert.Equal((SnapshotConsistency.PerKey, engine), (origin.Consistency, origin.Engine));
        Assert.Equal(0, await CheckRdbAsync(engine, rdb));
        await RdbEquality.VerifyAsync(engine, source.Client, rdb);
        Assert.Contains("bump", await FunctionsAfterLoadAsync(engine, rdb), StringComparison.Ordinal);

        // Valkey reads what Redis writes; the digests of the two servers cannot be compared.
        Assert.Contains("bump", await FunctionsAfterLoadAsync(CacheEngine.Valkey, rdb), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_key_of_the_file_comes_once_and_none_that_lives_throughout_is_missing_while_tables_are_resized(CacheEngine engine)
    {
        const int Lasting = 6_000;
        await using ScannedServer source = await ScannedServer.StartAsync(engine);
        await SetAsync(source.Client, "lasting", Lasting);
        using var ending = new CancellationTokenSource();
        Task<int> meddling = MeddleAsync(source.Server, ending.Token);
        (byte[] rdb, SnapshotOrigin origin) = await source.TakeAsync(ScanOptions.Default with { MaxKeysPerSecond = 2_000 });
        await ending.CancelAsync();
        Assert.True(await meddling > 1, "the tables did not grow and shrink: the test tests nothing");

        KeysOf keys = KeysOf.Read(rdb);
        Assert.Equal(keys.All.Count, keys.Count);
        Assert.Empty(Enumerable.Range(0, Lasting).Select(i => Name("lasting", i)).Except(keys.All));
        Assert.True(origin.Scan!.Vanished > 0, "nothing changed meanwhile: the test tests nothing");
        Assert.True(origin.Scan.Expired > 0, "nothing expired meanwhile: the test tests nothing");
        await LoadAsync(engine, rdb);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task The_least_ACL_is_enough_and_each_right_of_it_is_needed(CacheEngine engine)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(new ServerOptions { Engine = engine });
        await using CacheClient client = await server.ConnectAsync();
        await client.RequireAsync("SET", "key", "value");
        await client.RequireAsync("SELECT", 3);
        await client.RequireAsync("SET", "key", "value");
        string[] rights = LeastAcl.Split(' ');
        await GrantAsync(client, rights);
        Assert.Equal(2, KeysOf.Read((await TakeAsync(AsBackupUser(server))).Rdb).Count);
        foreach (string right in rights)
        {
            await GrantAsync(client, [.. rights.Where(other => other != right)]);
            var denied = await Assert.ThrowsAsync<CacheAccessDeniedException>(() => TakeAsync(AsBackupUser(server)));
            Assert.Contains(right == "~*" ? "+dump" : right, denied.Message.Replace("+pexpiretime", "+dump +pexpiretime", StringComparison.Ordinal), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(CacheEngine.Redis, "allkeys-lru")]
    [InlineData(CacheEngine.Valkey, "volatile-lru")]
    public async Task Idle_times_are_kept_where_the_policy_uses_them_and_cold_keys_stay_cold(CacheEngine engine, string policy)
    {
        await using ScannedServer source = await ScannedServer.StartAsync(engine, $"maxmemory-policy {policy}");
        await source.Client.RequireAsync("SET", "cold", "v");
        await Task.Delay(TimeSpan.FromSeconds(2.2), TimeProvider.System);
        RdbEntryStart cold = KeysOf.Read((await source.TakeAsync()).Rdb).Entries["cold"];
        Assert.InRange(cold.IdleSeconds ?? -1, 1, 60);
        Assert.Null(cold.Frequency);
        if (engine == CacheEngine.Valkey)
        {
            // Redis 7.0 has no NO-TOUCH.
            Assert.True((await source.Client.RequireAsync("OBJECT", "IDLETIME", "cold")).TryGetNumber(out long idle) && idle >= 2);
        }
    }

    [Theory]
    [InlineData(CacheEngine.Redis, "allkeys-lfu")]
    [InlineData(CacheEngine.Valkey, "volatile-lfu")]
    public async Task Frequencies_are_kept_where_the_policy_uses_them(CacheEngine engine, string policy)
    {
        await using ScannedServer source = await ScannedServer.StartAsync(engine, $"maxmemory-policy {policy}");
        await RespTargetDataSet.SendAsync(source.Client, [["SET", "hot", "v"], ["SET", "cold", "v"], .. Enumerable.Repeat<RespArgument[]>(["GET", "hot"], 2_000)]);
        KeysOf keys = KeysOf.Read((await source.TakeAsync()).Rdb);
        Assert.True(keys.Entries["hot"].Frequency > keys.Entries["cold"].Frequency);
        Assert.Null(keys.Entries["hot"].IdleSeconds);
    }

    [Fact]
    public async Task Without_a_policy_that_uses_them_neither_is_in_the_file()
    {
        await using ScannedServer source = await ScannedServer.StartFilledAsync(CacheEngine.Redis);
        Assert.All(KeysOf.Read((await source.TakeAsync()).Rdb).Entries.Values, entry => Assert.Null(entry.IdleSeconds ?? entry.Frequency));
    }

    [Fact]
    public async Task A_cache_with_more_keys_than_can_be_remembered_is_refused_with_the_numbers()
    {
        await using ScannedServer source = await ScannedServer.StartAsync(CacheEngine.Redis);
        await SetAsync(source.Client, "key", 1_000);
        var refused = await Assert.ThrowsAsync<ScanRefusedException>(() => source.TakeAsync(ScanOptions.Default with { MaxRememberedBytes = 23_999 }));
        Assert.Contains("1,000 keys need 24,000 bytes", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1_000, KeysOf.Read((await source.TakeAsync(ScanOptions.Default with { MaxRememberedBytes = 24_000 })).Rdb).Count);
    }

    [Theory]
    [InlineData("FLUSHALL")]
    [InlineData("FLUSHDB")]
    [InlineData("SWAPDB")]
    public async Task An_upheaval_during_the_scan_fails_it(string command)
    {
        await using ScannedServer source = await ScannedServer.StartAsync(CacheEngine.Redis);
        await SetAsync(source.Client, "key", 3_000);
        await using SnapshotTransfer transfer = await source.SourceWith(ScanOptions.Default with { MaxKeysPerSecond = 2_000 }).OpenAsync(default);
        Task<byte[]> taken = Drain.AllAsync(transfer.Content);
        await source.Client.RequireAsync(command == "SWAPDB" ? ["SWAPDB", 0, 1] : [command]);
        var cut = await Assert.ThrowsAsync<TransferCutException>(() => taken);
        Assert.Contains("FLUSHALL, FLUSHDB, SWAPDB or REPLICAOF", cut.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_dies_during_the_scan_ends_it_as_unreachable()
    {
        await using ScannedServer source = await ScannedServer.StartAsync(CacheEngine.Redis);
        await SetAsync(source.Client, "key", 5_000);
        await using SnapshotTransfer transfer = await source.SourceWith(ScanOptions.Default with { MaxKeysPerSecond = 1_000 }).OpenAsync(default);
        Task<byte[]> taken = Drain.AllAsync(transfer.Content);
        await source.Server.KillAsync();
        await Assert.ThrowsAsync<CacheUnreachableException>(() => taken);
    }

    [Fact]
    public async Task Large_values_stream_and_expired_keys_are_left_out()
    {
        await using ScannedServer source = await ScannedServer.StartAsync(CacheEngine.Redis);
        byte[] noise = RespTargetDataSet.Noise(new Random(5), 20_000_000);
        await source.Client.RequireAsync("SET", "large", noise);
        await source.Client.RequireAsync("SET", "gone", "v", "PX", 1);
        await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        (byte[] rdb, _) = await source.TakeAsync();
        await source.VerifyContentAsync(rdb);
        Assert.Equal(1, KeysOf.Read(rdb).Count);
    }

    [Fact]
    public async Task A_limit_of_keys_is_kept()
    {
        await using ScannedServer source = await ScannedServer.StartAsync(CacheEngine.Redis);
        await SetAsync(source.Client, "key", 3_000);
        long begin = TimeProvider.System.GetTimestamp();
        await source.TakeAsync(ScanOptions.Default with { MaxKeysPerSecond = 2_000 });
        Assert.True(TimeProvider.System.GetElapsedTime(begin) > TimeSpan.FromSeconds(1.4));
    }

    /// <summary>As every caller does that backs a whole cache up: to own all slots is no reason to ask for keys one by one.</summary>
    [Fact]
    public async Task Without_cluster_mode_a_transaction_has_sixteen_keys_whatever_their_slots()
    {
        const int Keys = 1_600;
        await using ScannedServer source = await ScannedServer.StartAsync(CacheEngine.Redis);
        await SetAsync(source.Client, "key", Keys);
        (byte[] rdb, _) = await source.TakeAsync(ScanOptions.Default with { Slots = SlotSet.All });
        Assert.Equal(Keys, KeysOf.Read(rdb).Count);

        // The last group of a page may be a small one.
        long transactions = ServerInfo.Parse(await source.Client.TextAsync("INFO", "commandstats")).Calls("exec");
        Assert.InRange(transactions, Keys / ScanOptions.KeysAtOnce, 2 * Keys / ScanOptions.KeysAtOnce);
    }

    private static async Task GrantAsync(CacheClient client, string[] rights) =>
        await client.RequireAsync(["ACL", "SETUSER", "backup", "reset", "on", $">{Password}", .. rights.Select(right => (RespArgument)right)]);

    private static CacheAddress AsBackupUser(ServerProcess server) =>
        server.Address with { Username = "backup", Password = KnownPassword.Reference };

    private static async Task<(byte[] Rdb, SnapshotOrigin Origin)> TakeAsync(CacheAddress address)
    {
        var source = new ScanSource(address, KnownPassword.Instance, ScanOptions.Default, TimeProvider.System);
        await using SnapshotTransfer transfer = await source.OpenAsync(default);
        return (await Drain.AllAsync(transfer.Content), transfer.Origin);
    }

    /// <summary>Adds and removes so many keys that the tables grow and shrink, and lets some expire; returns how often.</summary>
    private static async Task<int> MeddleAsync(ServerProcess server, CancellationToken cancellationToken)
    {
        // With the lasting ones more than 65,536, for which a table doubles; without them under a tenth of the larger one, for which it shrinks.
        const int Fleeting = 70_000;
        await using CacheClient client = await server.ConnectAsync(cancellationToken: CancellationToken.None);
        int round = 0;
        for (; !cancellationToken.IsCancellationRequested; round++)
        {
            string prefix = string.Create(CultureInfo.InvariantCulture, $"fleeting-{round}");
            await SetAsync(client, prefix, Fleeting, "PX", 1 + (round % 3 * 200));
            await RespTargetDataSet.SendAsync(client, Enumerable.Range(0, Fleeting).Select(i => (RespArgument[])["UNLINK", Name(prefix, i)]));
        }

        return round;
    }

    private static Task SetAsync(CacheClient client, string prefix, int count, params RespArgument[] more) =>
        RespTargetDataSet.SendAsync(client, Enumerable.Range(0, count).Select(i => (RespArgument[])["SET", Name(prefix, i), i, .. more]));

    private static string Name(string prefix, int number) => string.Create(CultureInfo.InvariantCulture, $"{prefix}:{number}");

    private static async Task LoadAsync(CacheEngine engine, byte[] rdb) => await FunctionsAfterLoadAsync(engine, rdb);

    private static async Task<string> FunctionsAfterLoadAsync(CacheEngine engine, byte[] rdb)
    {
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, rdb);
            await using ServerProcess copy = await ServerProcess.StartAsync(new ServerOptions { Engine = engine, RdbFile = file });
            await using CacheClient client = await copy.ConnectAsync();
            RespReply functions = await client.RequireAsync("FUNCTION", "DUMP");
            return functions.TryGetText(out string text) ? text : string.Empty;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<int> CheckRdbAsync(CacheEngine engine, byte[] rdb)
    {
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, rdb);
            using Process check = Process.Start(new ProcessStartInfo(engine == CacheEngine.Valkey ? "valkey-check-rdb" : "redis-check-rdb", [file]) { RedirectStandardOutput = true })!;
            await check.StandardOutput.ReadToEndAsync();
            await check.WaitForExitAsync();
            return check.ExitCode;
        }
        finally
        {
            File.Delete(file);
        }
    }
}
