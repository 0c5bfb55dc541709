using System.Globalization;
using CacheBackup.Core.Model;
using CacheBackup.Core.Resp;
using CacheBackup.Fixtures;
using CacheBackup.Fixtures.Caches;
using CacheBackup.Fixtures.Snapshots;

namespace CacheBackup.EndToEnd;

/// <summary>The commands on files, as a user has them: a process, its exit status, its two streams, signals.</summary>
[Trait("Category", "Server")]
public sealed class FileCommandsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Target => Path.Combine(_directory.Path, "orders.rdb");

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(CacheEngine.Redis)]
    [InlineData(CacheEngine.Valkey)]
    public async Task Cache_goes_into_a_file_and_from_there_into_another_cache(CacheEngine engine)
    {
        await using ServerProcess source = await ServerProcess.StartAsync(engine);
        await using ServerProcess target = await ServerProcess.StartAsync(engine);
        await using CacheClient filling = await source.ConnectAsync();
        await filling.RequireAsync("SET", "greeting", "hello", "PX", 3_600_000);
        await filling.RequireAsync("XADD", "stream", "1-1", "a", "b");

        (int snapshot, string snapshotOutput, _) = await ToolProcess.RunAsync("snapshot", UrlOf(source), Target);
        (int verify, string verifyOutput, _) = await ToolProcess.RunAsync("verify", Target);
        (int inspect, string inspectOutput, string inspectError) = await ToolProcess.RunAsync("inspect", Target, "--json");
        (int restore, string restoreOutput, string restoreError) = await ToolProcess.RunAsync("restore", Target, UrlOf(target));

        Assert.Equal((0, 0, 0, 0), (snapshot, verify, inspect, restore));
        Assert.Contains("2 keys", snapshotOutput, StringComparison.Ordinal);
        Assert.Contains("verified", verifyOutput, StringComparison.Ordinal);
        Assert.Equal(2, System.Text.Json.JsonDocument.Parse(inspectOutput).RootElement.GetProperty("keys").GetInt32());
        Assert.Contains("inspect", inspectError, StringComparison.Ordinal);
        Assert.Contains("2 equal in value and expiry", restoreOutput, StringComparison.Ordinal);
        Assert.Contains("compare", restoreError, StringComparison.Ordinal);
        await using CacheClient reading = await target.ConnectAsync();
        Assert.Equal(
            await NumberAsync(filling, "PEXPIRETIME", "greeting"), await NumberAsync(reading, "PEXPIRETIME", "greeting"));
    }

    [Fact]
    public async Task Killed_restore_goes_on_where_its_journal_stands_and_into_no_other_server()
    {
        const int Keys = 6_000;
        await File.WriteAllBytesAsync(Target, SampleRdb.File(Keys, valueBytes: 10_000));
        await using ServerProcess target = await ServerProcess.StartAsync(CacheEngine.Redis);
        await using ServerProcess other = await ServerProcess.StartAsync(CacheEngine.Redis);
        await using CacheClient reading = await target.ConnectAsync();
        using (ToolProcess tool = ToolProcess.Start("restore", Target, UrlOf(target), "--connections", "1", "--max-rate", "12MB/s"))
        {
            await UntilAsync(() => DoneRanges() > 0);
            tool.Signal(ToolProcess.Kill9);
            Assert.Equal(137, (await tool.EndAsync()).Status);
        }

        long half = await NumberAsync(reading, "DBSIZE");
        int done = DoneRanges();
        (int elsewhere, _, string elsewhereError) = await ToolProcess.RunAsync("restore", Target, UrlOf(other), "--resume");
        (int resumed, string output, string error) = await ToolProcess.RunAsync("restore", Target, UrlOf(target), "--resume", "--max-rate", "20000keys/s");

        Assert.InRange(half, 1_000, Keys - 1);
        Assert.Equal(1, elsewhere);
        Assert.Contains("not this server", elsewhereError, StringComparison.Ordinal);
        Assert.True(resumed == 0, error);
        Assert.Contains($"{done} part", output, StringComparison.Ordinal);
        Assert.Contains("6,000 equal", output, StringComparison.Ordinal);
        Assert.Equal(Keys, await NumberAsync(reading, "DBSIZE"));
        Assert.Equal([Target], Directory.GetFiles(_directory.Path));

        // What was done was not sent again: of the part at work alone, which holds 2,000 keys at most, some were.
        string calls = (await reading.TextAsync("INFO", "commandstats")).Split("cmdstat_restore:calls=")[1].Split(',')[0];
        Assert.InRange(int.Parse(calls, CultureInfo.InvariantCulture), Keys, Keys + 2_100);
    }

    [Theory]
    [InlineData(ToolProcess.Interrupt, 130)]
    [InlineData(ToolProcess.Terminate, 143)]
    public async Task Signal_ends_a_snapshot_cleanly_and_leaves_nothing(int signal, int status)
    {
        // A source that begins and then says nothing more.
        FakeSource source = new() { Rdb = new byte[] { (byte)'R', (byte)'E', (byte)'D' }, StallAfterBytes = 40 };
        await using FakeCacheServer server = FakeCacheServer.Start(source);
        using ToolProcess tool = ToolProcess.Start("snapshot", $"redis://{server.Endpoint}", Target);
        await UntilAsync(() => server.Commands.Any(command => command.StartsWith("PSYNC", StringComparison.Ordinal)));

        tool.Signal(signal);
        (int ended, string output, string error) = await tool.EndAsync();

        Assert.Equal(status, ended);
        Assert.Empty(output);
        Assert.Contains("interrupted", error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_directory.Path));
    }

    [Fact]
    public async Task Disk_that_takes_no_more_ends_a_snapshot_with_1_and_leaves_nothing()
    {
        await using ServerProcess source = await ServerProcess.StartAsync(CacheEngine.Redis);
        await using CacheClient client = await source.ConnectAsync();
        byte[] value = new byte[3_000_000];
        new Random(1).NextBytes(value);
        await client.RequireAsync("SET", "large", value);

        (int status, _, string error) = await ToolProcess.RunWithLargestFileAsync(1_000_000, "snapshot", UrlOf(source), Target);

        Assert.Equal(1, status);
        Assert.Contains("File too large", error, StringComparison.Ordinal);
        Assert.DoesNotContain("unexpected", error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_directory.Path));
        Assert.Equal("PONG", await client.TextAsync("PING"));
    }

    [Fact]
    public async Task Bad_usage_and_failure_have_their_own_status_and_a_line_on_the_error_stream()
    {
        (int usage, string usageOutput, string usageError) = await ToolProcess.RunAsync("snapshot", "redis://:hunter2@127.0.0.1", Target);
        (int failure, string failureOutput, string failureError) = await ToolProcess.RunAsync("verify", Target);

        Assert.Equal((2, 1), (usage, failure));
        Assert.Equal(("", ""), (usageOutput, failureOutput));
        Assert.DoesNotContain("hunter2", usageError, StringComparison.Ordinal);
        Assert.Single(failureError.Trim().Split('\n'));
    }

    /// <summary>How many ranges the journal says are done.</summary>
    private int DoneRanges()
    {
        try
        {
            byte[] journal = File.ReadAllBytes(Target + ".restore-journal");
            return System.Text.Json.JsonDocument.Parse(journal).RootElement.GetProperty("doneRanges").GetArrayLength();
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }

    private static string UrlOf(ServerProcess server) => string.Create(CultureInfo.InvariantCulture, $"redis://127.0.0.1:{server.Port}");

    private static async Task<long> NumberAsync(CacheClient client, params RespArgument[] command) =>
        (await client.RequireAsync(command)).TryGetNumber(out long number) ? number : throw new InvalidOperationException("The reply is no number.");

    private static async Task UntilAsync(Func<bool> condition)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromMinutes(1), TimeProvider.System);
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }
    }
}
