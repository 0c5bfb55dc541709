using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using CacheBackup.Caches;
using CacheBackup.Core.Model;
using CacheBackup.Fixtures;
using CacheBackup.Fixtures.Caches;
using CacheBackup.Local.Credentials;
using CacheBackup.Local.Demo;

namespace CacheBackup.Local.Commands;

[Trait("Category", "Server")]
public sealed class RestoreCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Source { get; set; }

    private string Journal => Source + ".restore-journal";

    public RestoreCommandTests() => Source = Path.Combine(_directory.Path, "orders.rdb");

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(CacheEngine.Redis)]
    [InlineData(CacheEngine.Valkey)]
    public async Task Restored_cache_equals_the_source(CacheEngine engine)
    {
        await using ServerProcess source = await ServerProcess.StartAsync(engine);
        await using (RespConnection connection = await RespConnection.ConnectAsync(
            source.Address, new LocalCredentials(), RespConnectionOptions.Default, TimeProvider.System, CancellationToken.None))
        {
            DemoDataOptions options = new() { Keys = 2_000, LargestValueBytes = 20_000_000, Now = TimeProvider.System.GetUtcNow() };
            await new DemoData(options).FillAsync(connection, null, CancellationToken.None);
        }

        await using ServerProcess target = await ServerProcess.StartAsync(engine);
        ToolRun snapshot = await ToolRun.RunAsync("snapshot", UrlOf(source), Source);

        ToolRun run = await ToolRun.RunAsync("restore", Source, UrlOf(target), "--connections", "3");

        Assert.Equal(ExitStatus.Success, snapshot.Status);
        Assert.True(run.Status == ExitStatus.Success, run.Error);
        Assert.Contains("Every key compared", run.Output, StringComparison.Ordinal);
        CacheComparisonReport report = await new CacheComparison(source.Address, target.Address, new LocalCredentials(), TimeProvider.System)
            .RunAsync(null, CancellationToken.None);
        Assert.True(report.IsEqual, report.ToString());
        Assert.InRange(report.Equal, 1_800, 2_100);
        Assert.Equal([Source], Directory.GetFiles(_directory.Path));
    }

    [Fact]
    public async Task Part_of_a_file_is_restored_and_compared_and_the_rest_left_out()
    {
        await using ServerProcess source = await ServerProcess.StartAsync(CacheEngine.Redis);
        await using (CacheClient client = await source.ConnectAsync())
        {
            await client.RequireAsync("MSET", "user:1", "a", "user:2", "b", "order:1", "c");
            await client.RequireAsync("HSET", "user:3", "f", "v");
            await client.RequireAsync("SELECT", 2);
            await client.RequireAsync("SET", "user:4", "d");
        }

        await ToolRun.RunAsync("snapshot", UrlOf(source), Source);
        await using ServerProcess target = await ServerProcess.StartAsync(CacheEngine.Redis);
        await using CacheClient filled = await target.ConnectAsync();

        ToolRun run = await ToolRun.RunAsync("restore", Source, UrlOf(target), "--match", "user:*", "--type", "string", "--db", "0");
        ToolRun unknown = await ToolRun.RunAsync("restore", Source, UrlOf(target), "--type", "sorted-set");

        Assert.True(run.Status == ExitStatus.Success, run.Error);
        Assert.Contains("2 restored", run.Output, StringComparison.Ordinal);
        Assert.Contains("3 keys left out", run.Output, StringComparison.Ordinal);
        Assert.Contains("Every key compared: 2 equal", run.Output, StringComparison.Ordinal);
        Assert.Equal(2, await KeysAsync(filled));
        Assert.Equal(ExitStatus.BadUsage, unknown.Status);
        Assert.Contains("zset", unknown.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Place_where_no_journal_can_be_written_is_told_with_the_option_and_nothing_is_restored()
    {
        await WriteSmallFileAsync(CacheEngine.Redis);
        await using ServerProcess target = await ServerProcess.StartAsync(CacheEngine.Redis);
        await using CacheClient client = await target.ConnectAsync();

        ToolRun run = await ToolRun.RunAsync("restore", Source, UrlOf(target), "--journal", Path.Combine(_directory.Path, "nowhere", "journal"));

        Assert.Equal(ExitStatus.Failure, run.Status);
        Assert.Contains("--journal", run.Error, StringComparison.Ordinal);
        Assert.Equal(0, await KeysAsync(client));
    }

    [Fact]
    public async Task Target_that_holds_a_key_is_not_touched()
    {
        await WriteSmallFileAsync(CacheEngine.Redis);
        await using ServerProcess target = await ServerProcess.StartAsync(CacheEngine.Redis);
        await using CacheClient client = await target.ConnectAsync();
        await client.RequireAsync("SET", "mine", "1");

        ToolRun run = await ToolRun.RunAsync("restore", Source, UrlOf(target));

        Assert.Equal(ExitStatus.Failure, run.Status);
        Assert.Contains("empty", run.Error, StringComparison.Ordinal);
        Assert.Equal(1, await KeysAsync(client));
        Assert.False(File.Exists(Journal));
    }

    [Fact]
    public async Task Damaged_file_is_refused_before_the_target_is_touched()
    {
        await WriteSmallFileAsync(CacheEngine.Redis);
        byte[] bytes = await File.ReadAllBytesAsync(Source);
        bytes[^12] ^= 1;
        await File.WriteAllBytesAsync(Source, bytes);
        await using ServerProcess target = await ServerProcess.StartAsync(CacheEngine.Redis);
        await using CacheClient client = await target.ConnectAsync();

        ToolRun run = await ToolRun.RunAsync("restore", Source, UrlOf(target));

        Assert.Equal(ExitStatus.Failure, run.Status);
        Assert.Contains("at byte", run.Error, StringComparison.Ordinal);
        Assert.Equal(0, await KeysAsync(client));
        Assert.False(File.Exists(Journal));
    }

    [Fact]
    public async Task File_of_an_unknown_version_is_refused()
    {
        await File.WriteAllBytesAsync(Source, [.. "REDIS0099"u8, 0xff, 0, 0, 0, 0, 0, 0, 0, 0]);
        await using ServerProcess target = await ServerProcess.StartAsync(CacheEngine.Redis);

        ToolRun run = await ToolRun.RunAsync("restore", Source, UrlOf(target));

        Assert.Equal(ExitStatus.Failure, run.Status);
        Assert.Contains("REDIS0099", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_engine_is_refused_with_both_named_unless_allowed()
    {
        await WriteSmallFileAsync(CacheEngine.Redis);
        await using ServerProcess target = await ServerProcess.StartAsync(CacheEngine.Valkey);
        await using CacheClient client = await target.ConnectAsync();

        ToolRun refused = await ToolRun.RunAsync("restore", Source, UrlOf(target));
        long untouched = await KeysAsync(client);
        ToolRun allowed = await ToolRun.RunAsync("restore", Source, UrlOf(target), "--allow-engine-change");

        Assert.Equal(ExitStatus.Failure, refused.Status);
        Assert.Contains("Redis OSS", refused.Error, StringComparison.Ordinal);
        Assert.Contains("Valkey", refused.Error, StringComparison.Ordinal);
        Assert.Contains("--allow-engine-change", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, untouched);
        Assert.True(allowed.Status == ExitStatus.Success, allowed.Error);
        Assert.Equal(2, await KeysAsync(client));
    }

    [Fact]
    public async Task Without_compare_it_says_so()
    {
        await WriteSmallFileAsync(CacheEngine.Redis);
        await using ServerProcess target = await ServerProcess.StartAsync(CacheEngine.Redis);

        ToolRun run = await ToolRun.RunAsync("restore", Source, UrlOf(target), "--no-compare");

        Assert.Equal(ExitStatus.Success, run.Status);
        Assert.Contains("Loaded, not compared.", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interrupted_restore_goes_on_where_it_was()
    {
        WriteLargeFile();
        await using ServerProcess target = await ServerProcess.StartAsync(CacheEngine.Redis);
        await using CacheClient client = await target.ConnectAsync();
        await InterruptAsync(target, client);

        ToolRun again = await ToolRun.RunAsync("restore", Source, UrlOf(target), "--connections", "1");
        ToolRun resumed = await ToolRun.RunAsync("restore", Source, UrlOf(target), "--resume");
        ToolRun once = await ToolRun.RunAsync("restore", Source, UrlOf(target), "--resume");

        Assert.Equal(ExitStatus.Failure, again.Status);
        Assert.Contains("--resume", again.Error, StringComparison.Ordinal);
        Assert.True(resumed.Status == ExitStatus.Success, resumed.Error);
        Assert.Contains("1 part had been restored before", resumed.Output, StringComparison.Ordinal);
        Assert.Contains("Every key compared: 2 equal", resumed.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(Journal));
        Assert.Equal(ExitStatus.Failure, once.Status);
        Assert.Contains("no journal", once.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resume_into_a_server_that_was_started_again_is_refused()
    {
        WriteLargeFile();
        await using ServerProcess target = await ServerProcess.StartAsync(CacheEngine.Redis);
        await using (CacheClient client = await target.ConnectAsync())
        {
            await InterruptAsync(target, client);
        }

        await target.KillAsync();
        await target.StartAgainAsync();
        ToolRun run = await ToolRun.RunAsync("restore", Source, UrlOf(target), "--resume");

        Assert.Equal(ExitStatus.Failure, run.Status);
        Assert.Contains("started again", run.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(Journal));
    }

    [Fact]
    public async Task Connection_that_is_lost_is_opened_again_and_nothing_is_missing()
    {
        WriteLargeFile();
        await using ServerProcess target = await ServerProcess.StartAsync(CacheEngine.Redis);
        await using CacheClient client = await target.ConnectAsync();

        Task<ToolRun> run = ToolRun.RunAsync("restore", Source, UrlOf(target), "--connections", "2", "--max-rate", "20MB/s");
        await UntilBeginningAsync(run, client);
        Assert.True((await client.RequireAsync("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")).TryGetNumber(out long killed));
        ToolRun ended = await run;

        Assert.InRange(killed, 1, 3);
        Assert.True(ended.Status == ExitStatus.Success, ended.Error);
        Assert.Contains("Every key compared: 2 equal", ended.Output, StringComparison.Ordinal);
        Assert.Equal(2, await KeysAsync(client));
    }

    [Fact]
    public async Task Server_that_was_started_again_meanwhile_is_not_taken_for_the_one_that_was_filled()
    {
        WriteLargeFile();
        await using ServerProcess target = await ServerProcess.StartAsync(CacheEngine.Redis);
        await using CacheClient client = await target.ConnectAsync();

        Task<ToolRun> run = ToolRun.RunAsync("restore", Source, UrlOf(target), "--connections", "2", "--max-rate", "20MB/s");
        await UntilBeginningAsync(run, client);
        await target.KillAsync();
        await target.StartAgainAsync();
        ToolRun ended = await run;

        Assert.Equal(ExitStatus.Failure, ended.Status);
        Assert.Contains("started again while it was filled", ended.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(Journal));
    }

    [Fact]
    public async Task Values_that_the_cache_cannot_hold_are_refused_with_counts_or_left_out_when_allowed()
    {
        Source = SharedFixtures.Path("rdb/redis806-small.rdb");
        await using ServerProcess target = await ServerProcess.StartAsync(CacheEngine.Redis);
        await using CacheClient client = await target.ConnectAsync();
        string journal = Path.Combine(_directory.Path, "journal");

        ToolRun refused = await ToolRun.RunAsync("restore", Source, UrlOf(target), "--journal", journal);
        long untouched = await KeysAsync(client);
        ToolRun allowed = await ToolRun.RunAsync("restore", Source, UrlOf(target), "--journal", journal, "--leave-out-refused");

        Assert.Equal((ExitStatus.Failure, 0L), (refused.Status, untouched));
        Assert.Contains("HashListpackExpiry", refused.Error, StringComparison.Ordinal);
        Assert.Contains("--leave-out-refused", refused.Error, StringComparison.Ordinal);
        Assert.True(allowed.Status == ExitStatus.Success, allowed.Error);
        Assert.Contains("385 keys left out because the cache cannot hold their values", allowed.Output, StringComparison.Ordinal);
        Assert.Contains("Every key compared", allowed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resume_of_another_file_is_refused()
    {
        WriteLargeFile();
        await using ServerProcess target = await ServerProcess.StartAsync(CacheEngine.Redis);
        await using CacheClient client = await target.ConnectAsync();
        await InterruptAsync(target, client);
        File.Delete(Source);
        await WriteSmallFileAsync(CacheEngine.Redis);

        ToolRun run = await ToolRun.RunAsync("restore", Source, UrlOf(target), "--resume");

        Assert.Equal(ExitStatus.Failure, run.Status);
        Assert.Contains("another file", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Journal_that_is_none_is_refused()
    {
        await WriteSmallFileAsync(CacheEngine.Redis);
        await using ServerProcess target = await ServerProcess.StartAsync(CacheEngine.Redis);
        string journal = Path.Combine(_directory.Path, "elsewhere");
        await File.WriteAllTextAsync(journal, "no journal at all");

        ToolRun run = await ToolRun.RunAsync("restore", Source, UrlOf(target), "--resume", "--journal", journal);

        Assert.Equal(ExitStatus.Failure, run.Status);
        Assert.Contains(journal, run.Error, StringComparison.Ordinal);
    }

    /// <summary>Returns when the restore is writing.</summary>
    private async Task UntilBeginningAsync(Task<ToolRun> run, CacheClient client)
    {
        while (!(File.Exists(Journal) && (await client.TextAsync("INFO", "commandstats")).Contains("cmdstat_config|get:", StringComparison.Ordinal)))
        {
            Assert.False(run.IsCompleted, run.IsCompleted ? (await run).Error : string.Empty);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    /// <summary>Lets a restore fail at its second range: the target does not let the default user write that key.</summary>
    private async Task InterruptAsync(ServerProcess target, CacheClient client)
    {
        await client.RequireAsync("ACL", "SETUSER", "default", "resetkeys", "~large", "~cache-backup:*");
        ToolRun broken = await ToolRun.RunAsync("restore", Source, UrlOf(target), "--connections", "1");
        Assert.Equal(ExitStatus.Failure, broken.Status);
        Assert.True(File.Exists(Journal), broken.Error);
        await client.RequireAsync("ACL", "SETUSER", "default", "allkeys");
    }

    private async Task WriteSmallFileAsync(CacheEngine engine)
    {
        await using ServerProcess source = await ServerProcess.StartAsync(engine);
        await using CacheClient client = await source.ConnectAsync();
        await client.RequireAsync("SADD", "set", "a", "b");
        await client.RequireAsync("SELECT", "2");
        await client.RequireAsync("SET", "text", "some value");
        Assert.Equal(ExitStatus.Success, (await ToolRun.RunAsync("snapshot", UrlOf(source), Source)).Status);
    }

    /// <summary>Two values, each too large to share a range with the other, in a file without a checksum.</summary>
    private void WriteLargeFile()
    {
        using FileStream file = File.Create(Source);
        file.Write("REDIS0010"u8);
        Random random = new(5);
        foreach ((string key, int length) in ((string, int)[])[("large", 24_000_000), ("smaller", 17_000_000)])
        {
            byte[] value = new byte[length];
            random.NextBytes(value);
            byte[] head = [0, (byte)key.Length, .. Encoding.ASCII.GetBytes(key), 0x80, 0, 0, 0, 0];
            BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(head.Length - sizeof(int)), length);
            file.Write(head);
            file.Write(value);
        }

        file.Write([0xff, 0, 0, 0, 0, 0, 0, 0, 0]);
    }

    private static string UrlOf(ServerProcess server) => string.Create(CultureInfo.InvariantCulture, $"redis://127.0.0.1:{server.Port}");

    private static async Task<long> KeysAsync(CacheClient client)
    {
        string info = await client.TextAsync("INFO", "keyspace");
        return info.Split('\n').Where(line => line.StartsWith("db", StringComparison.Ordinal))
            .Sum(line => long.Parse(line.Split("keys=")[1].Split(',')[0], CultureInfo.InvariantCulture));
    }
}
