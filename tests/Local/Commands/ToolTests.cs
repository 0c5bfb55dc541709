using CacheBackup.Core.Model;
using CacheBackup.Local.Demo;
using CacheBackup.Local.Events;

namespace CacheBackup.Local.Commands;

public sealed class ToolTests
{
    [Theory]
    [InlineData("")]
    [InlineData("bogus")]
    [InlineData("verify")]
    [InlineData("verify a.rdb b.rdb")]
    [InlineData("verify a.rdb --bogus")]
    [InlineData("snapshot redis://localhost")]
    [InlineData("snapshot localhost:6379 a.rdb")]
    [InlineData("snapshot redis://:secret@localhost a.rdb")]
    [InlineData("snapshot redis://user@localhost a.rdb")]
    [InlineData("snapshot redis://localhost a.rdb --ca ca.pem")]
    [InlineData("snapshot redis://localhost a.rdb --server-name cache")]
    [InlineData("snapshot redis://localhost /tmp")]
    [InlineData("restore a.rdb redis://localhost --connections 0")]
    [InlineData("restore a.rdb redis://localhost --connections 41")]
    [InlineData("restore a.rdb redis://localhost --connections many")]
    [InlineData("restore a.rdb")]
    [InlineData("restore a.rdb redis://localhost --into copy")]
    [InlineData("inspect a.rdb --biggest -1")]
    [InlineData("inspect a.rdb --depth 0")]
    [InlineData("inspect a.rdb --prefixes -1")]
    [InlineData("diff a.rdb")]
    [InlineData("diff a.rdb b.rdb --keys -1")]
    [InlineData("diff a.rdb b.rdb --depth 17")]
    [InlineData("diff a.rdb b.rdb --memory -1")]
    [InlineData("rdb")]
    [InlineData("rdb merge a.rdb -o b.rdb")]
    [InlineData("rdb merge a.rdb b.rdb")]
    [InlineData("rdb merge a.rdb b.rdb -o c.rdb --rdb-version 13")]
    [InlineData("rdb split a.rdb -o b")]
    [InlineData("rdb split a.rdb -o b --shards 0")]
    [InlineData("rdb split a.rdb -o b --slots 5-3")]
    [InlineData("rdb split a.rdb -o b --slots 0-5 --slots 5-9")]
    [InlineData("rdb filter a.rdb -o b.rdb --type sorted-set")]
    [InlineData("rdb filter a.rdb -o b.rdb --expires-within soon")]
    [InlineData("rdb filter a.rdb -o b.rdb --with-expiry --without-expiry")]
    [InlineData("rdb filter a.rdb -o /tmp")]
    [InlineData("serve --on-event '")]
    [InlineData("serve --webhook ftp://hooks.example.com")]
    [InlineData("serve --webhook https://user:secret@hooks.example.com")]
    [InlineData("backups")]
    [InlineData("backups bogus")]
    [InlineData("backups create nightly")]
    [InlineData("backups list --limit 0 --url http://127.0.0.1:1 --token-file /nowhere/token")]
    [InlineData("backups show nightly --url http://backup.example.com")]
    [InlineData("backups show nightly --url https://user:secret@backup.example.com")]
    [InlineData("backups show nightly --url https://backup.example.com")]
    [InlineData("backups show nightly --url ftp://127.0.0.1")]
    [InlineData("caches register shop localhost:6379")]
    [InlineData("serve --urls http://0.0.0.0:7070")]
    [InlineData("serve --urls nonsense")]
    [InlineData("serve --slice 4")]
    [InlineData("serve --slice 871")]
    [InlineData("demo --keys 999")]
    [InlineData("demo --engine memcached")]
    public async Task Bad_usage_ends_with_2_and_one_clear_line(string arguments)
    {
        ToolRun run = await ToolRun.RunAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(ExitStatus.BadUsage, run.Status);
        Assert.Empty(run.Output);
        Assert.StartsWith("cache-backup", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help", "snapshot redis://localhost:6379 orders.rdb")]
    [InlineData("snapshot --help", "--force")]
    [InlineData("restore -h", "--resume")]
    [InlineData("verify --help", "jq -r .verdict")]
    public async Task Help_shows_examples(string arguments, string expected)
    {
        ToolRun run = await ToolRun.RunAsync(arguments.Split(' '));

        Assert.Equal(ExitStatus.Success, run.Status);
        Assert.Contains("Examples:", run.Output, StringComparison.Ordinal);
        Assert.Contains(expected, run.Output, StringComparison.Ordinal);
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task Version_names_the_build()
    {
        ToolRun run = await ToolRun.RunAsync("--version");

        Assert.Equal(ExitStatus.Success, run.Status);
        Assert.Matches(@"^cache-backup \d+\.\d+\.\d+( \(commit [0-9a-f]{7,12}\))?\s*$", run.Output);
    }

    [Fact]
    public async Task Missing_file_ends_with_1_and_names_it()
    {
        foreach (string command in (string[])["verify", "inspect"])
        {
            ToolRun run = await ToolRun.RunAsync(command, "/nowhere/orders.rdb");

            Assert.Equal(ExitStatus.Failure, run.Status);
            Assert.Contains("/nowhere/orders.rdb", run.Error, StringComparison.Ordinal);
            Assert.Single(run.Error.Trim().Split('\n'));
        }
    }

    [Fact]
    public async Task Trace_is_shown_only_with_debug()
    {
        ToolRun quiet = await ToolRun.RunAsync("verify", "/nowhere/orders.rdb");
        ToolRun loud = await ToolRun.RunAsync("verify", "/nowhere/orders.rdb", "--debug");

        Assert.DoesNotContain("   at ", quiet.Error, StringComparison.Ordinal);
        Assert.Contains("   at ", loud.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelled_command_ends_as_interrupted()
    {
        using CancellationTokenSource cancelled = new();
        await cancelled.CancelAsync();

        ToolRun run = await ToolRun.RunAsync(["snapshot", "redis://127.0.0.1:1", "/tmp/never.rdb"], null, cancelled.Token);

        Assert.Equal(ExitStatus.Interrupted, run.Status);
    }

    [Fact]
    public async Task Serve_is_asked_for_with_its_options()
    {
        List<ServeRequest> served = [];

        await ToolRun.RunAsync(
            ["serve", "--data", "/data", "--store", "s3://bucket/prefix", "--urls", "http://127.0.0.1:0", "--slice", "60"], null, served, [], CancellationToken.None);
        await ToolRun.RunAsync(["serve"], null, served, [], CancellationToken.None);

        Assert.Equal(("/data", "s3://bucket/prefix", new Uri("http://127.0.0.1:0")), (served[0].DataDirectory, served[0].Store, served[0].Url));
        Assert.Equal((null, new Uri("http://127.0.0.1:7070")), (served[1].Store, served[1].Url));
        Assert.Equal((TimeSpan.FromMinutes(1), null), (served[0].SliceLength, served[1].SliceLength));
        Assert.Equal(EventTargets.None, served[1].Events);
        Assert.EndsWith("/.cache-backup", served[1].DataDirectory, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_tells_of_events_whom_it_is_asked_to()
    {
        List<ServeRequest> served = [];

        await ToolRun.RunAsync(
            ["serve", "--on-event", "/bin/tell 'a b' $HOME", "--webhook", "https://hooks.example.com/x"], null, served, [], CancellationToken.None);

        EventTargets events = Assert.Single(served).Events;
        Assert.Equal(["/bin/tell", "a b", "$HOME"], events.Command!);
        Assert.Equal(new Uri("https://hooks.example.com/x"), events.Webhook);
    }

    [Fact]
    public async Task Demo_is_asked_for_with_its_options()
    {
        List<DemoRequest> shown = [];

        await ToolRun.RunAsync(["demo"], null, [], shown, CancellationToken.None);
        await ToolRun.RunAsync(
            ["demo", "--engine", "valkey", "--keys", "300000", "--store", "/store", "--data", "/data"], null, [], shown, CancellationToken.None);
        await ToolRun.RunAsync(["demo", "--quick"], null, [], shown, CancellationToken.None);

        Assert.Equal(new DemoRequest { Engine = CacheEngine.Redis, Keys = DemoRequest.DefaultKeys }, shown[0]);
        Assert.Equal(new DemoRequest { Engine = CacheEngine.Valkey, Keys = 300_000, Store = "/store", DataDirectory = "/data" }, shown[1]);
        Assert.Equal(new DemoRequest { Engine = CacheEngine.Redis, Keys = DemoRequest.QuickKeys, IsQuick = true }, shown[2]);
        Assert.True(DemoRequest.DefaultKeys >= 200_000);
    }
}
