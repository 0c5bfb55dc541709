using System.Text.Json;
using CacheBackup.Core.Model;
using CacheBackup.Fixtures;
using CacheBackup.Fixtures.Caches;
using CacheBackup.Fixtures.Snapshots;

namespace CacheBackup.Local.Commands;

[Trait("Category", "Server")]
public sealed class InspectCommandTests
{
    [Fact]
    public async Task Page_and_json_say_what_is_in_the_file()
    {
        await using ServerProcess server = await ServerProcess.StartAsync(CacheEngine.Redis);
        await using CacheClient client = await server.ConnectAsync();
        await client.RequireAsync("FUNCTION", "LOAD", "#!lua name=lib\nredis.register_function('f', function() return 1 end)");
        long soon = TimeProvider.System.GetUtcNow().AddMinutes(30).ToUnixTimeMilliseconds();
        await client.RequireAsync("SET", "a", "1", "PXAT", soon);
        await client.RequireAsync("SET", "b", "2", "PXAT", soon + (10L * 86_400_000));
        await client.RequireAsync("SET", "\u001b[31mred\\", new byte[5_000]);
        await client.RequireAsync("SET", "incompressible", Noise(20_000));
        await client.RequireAsync("HSET", "hash", "field", "value");
        await client.RequireAsync("SELECT", "3");
        await client.RequireAsync("SADD", "numbers", "1", "2", "3");
        await client.RequireAsync("SAVE");
        string path = Path.Combine(server.DirectoryPath, "dump.rdb");

        ToolRun page = await ToolRun.RunAsync("inspect", path, "--biggest", "2");
        ToolRun json = await ToolRun.RunAsync("inspect", path, "--json", "--biggest", "1");

        Assert.Equal(ExitStatus.Success, page.Status);
        Assert.Contains("checksum verified", page.Output, StringComparison.Ordinal);
        Assert.Contains("incompressible", page.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', page.Output);
        JsonElement report = JsonDocument.Parse(json.Output).RootElement;
        Assert.Equal(6, report.GetProperty("keys").GetInt64());
        Assert.Equal(2, report.GetProperty("keysWithExpiry").GetInt64());
        Assert.Equal(["hash", "set", "string"], Names(report, "types").Order());
        Assert.Equal(["0", "3"], Names(report, "databases"));
        Assert.Equal(["under an hour", "under 30 days"], Names(report, "expiries"));
        Assert.Equal("lib", report.GetProperty("functions")[0].GetProperty("name").GetString());
        Assert.Equal("lua", report.GetProperty("functions")[0].GetProperty("engine").GetString());
        JsonElement biggest = Assert.Single(report.GetProperty("biggest").EnumerateArray());
        Assert.Equal("incompressible", biggest.GetProperty("key").GetString());
        Assert.InRange(biggest.GetProperty("bytes").GetInt64(), 20_000, 20_050);
        Assert.Equal("raw", biggest.GetProperty("serverEncoding").GetString());
        Assert.InRange(report.GetProperty("estimatedMemoryBytes").GetInt64(), 25_000, 40_000);
        Assert.Equal(["under 256 KiB", "under 64 B"], Names(report, "sizes").Order(StringComparer.Ordinal).Where(name => name != "under 1 KiB"));
        Assert.Contains("#", page.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prefixes_are_shown_by_size_and_the_rest_summed_up()
    {
        using TemporaryDirectory directory = new();
        string path = Path.Combine(directory.Path, "orders.rdb");
        await File.WriteAllBytesAsync(
            path,
            SampleRdb.File(
            [
                new SampleEntry("user/1/name", "a value"), new SampleEntry("user/2/name", "a value"), new SampleEntry("user/1/mail", "a longer value"),
                new SampleEntry("order/7/lines", "v"), new SampleEntry("lonely", "v"),
            ]));

        ToolRun run = await ToolRun.RunAsync("inspect", path, "--json", "--separator", "/", "--depth", "2", "--prefixes", "1");
        ToolRun none = await ToolRun.RunAsync("inspect", path, "--prefixes", "0", "--biggest", "0");

        JsonElement prefixes = JsonDocument.Parse(run.Output).RootElement.GetProperty("prefixes");
        JsonElement first = Assert.Single(prefixes.GetProperty("groups").EnumerateArray());
        Assert.Equal(("user/1/", 2), (first.GetProperty("name").GetString(), first.GetProperty("keys").GetInt32()));
        Assert.Equal(2, prefixes.GetProperty("others").GetProperty("keys").GetInt32());
        Assert.Equal(1, prefixes.GetProperty("withoutSeparator").GetProperty("keys").GetInt32());
        Assert.True(prefixes.GetProperty("isComplete").GetBoolean());
        Assert.DoesNotContain("user", none.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_from_a_file_cannot_drive_the_terminal()
    {
        using TemporaryDirectory directory = new();
        string path = Path.Combine(directory.Path, "hostile.rdb");
        byte[] hostile = "\u001b]0;owned\u0007[red]x[/]"u8.ToArray();
        await File.WriteAllBytesAsync(
            path,
            [
                .. "REDIS0010"u8, 0xfa, (byte)hostile.Length, .. hostile, (byte)hostile.Length, .. hostile,
                0, (byte)hostile.Length, .. hostile, 1, (byte)'v', 0xff, 0, 0, 0, 0, 0, 0, 0, 0,
            ]);

        ToolRun run = await ToolRun.RunAsync("inspect", path);

        Assert.Equal(ExitStatus.Success, run.Status);
        Assert.DoesNotContain('\u001b', run.Output);
        Assert.DoesNotContain('\u0007', run.Output);
        Assert.Contains(@"\x1b]0;owned\x07[red]x[/]", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damage_that_only_the_checksum_shows_is_found_in_every_byte_of_a_value()
    {
        using TemporaryDirectory directory = new();
        string path = Path.Combine(directory.Path, "damaged.rdb");
        byte[] file = SampleRdb.File([new SampleEntry("a key", "value"), new SampleEntry("another", "VALUE")]);
        IEnumerable<int> first = Enumerable.Range(file.AsSpan().IndexOf("value"u8), 5);
        IEnumerable<int> second = Enumerable.Range(file.AsSpan().IndexOf("VALUE"u8), 5);
        foreach (int at in first.Concat(second).Append(file.Length - 1))
        {
            byte[] damaged = [.. file];
            damaged[at] ^= 0x01;
            await File.WriteAllBytesAsync(path, damaged);

            ToolRun run = await ToolRun.RunAsync("inspect", path);

            Assert.Equal(ExitStatus.Failure, run.Status);
            Assert.Contains("checksum", run.Error, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Theory]
    [InlineData("verify")]
    [InlineData("inspect")]
    public async Task A_directory_and_a_pipe_are_told_from_files(string command)
    {
        using TemporaryDirectory directory = new();
        string pipe = Path.Combine(directory.Path, "pipe");
        using (System.Diagnostics.Process made = System.Diagnostics.Process.Start("mkfifo", [pipe]))
        {
            await made.WaitForExitAsync();
        }

        ToolRun ofDirectory = await ToolRun.RunAsync(command, directory.Path);
        ToolRun ofPipe = await ToolRun.RunAsync(command, pipe);

        Assert.Equal((ExitStatus.BadUsage, ExitStatus.BadUsage), (ofDirectory.Status, ofPipe.Status));
        Assert.Contains("is a directory", ofDirectory.Error, StringComparison.Ordinal);
        Assert.Contains("is a pipe", ofPipe.Error, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Names(JsonElement report, string groups) =>
        report.GetProperty(groups).EnumerateArray().Select(group => group.GetProperty("name").GetString()!);

    private static byte[] Noise(int length)
    {
        byte[] bytes = new byte[length];
        new Random(1).NextBytes(bytes);
        return bytes;
    }
}
