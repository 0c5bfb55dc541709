using System.Text.Json;
using CacheBackup.Caches;
using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Rewrites;
using CacheBackup.Fixtures;
using CacheBackup.Fixtures.Caches;
using CacheBackup.Fixtures.Snapshots;
using CacheBackup.Local.Credentials;
using CacheBackup.Local.Demo;

namespace CacheBackup.Local.Commands;

public sealed class RdbCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Merged_file_is_told_of_and_never_replaced_unasked()
    {
        string a = Write("a.rdb", SampleRdb.File([new SampleEntry("a", "1")], "#!lua name=lib\n"));
        string b = Write("b.rdb", SampleRdb.File([new SampleEntry("b", "2", 4_102_444_800_000)]));
        string all = PathOf("all.rdb");

        ToolRun merged = await ToolRun.RunAsync("rdb", "merge", a, b, "-o", all);
        byte[] first = await File.ReadAllBytesAsync(all);
        ToolRun again = await ToolRun.RunAsync("rdb", "merge", a, b, "-o", all);
        ToolRun forced = await ToolRun.RunAsync("rdb", "merge", a, b, "-o", all, "--force", "--json", "--rdb-version", "11");

        Assert.True(merged.Status == ExitStatus.Success, merged.Error);
        Assert.Contains("2 keys, 1 with expiry, REDIS0010", merged.Output, StringComparison.Ordinal);
        Assert.Equal([(0, "61"), (0, "62")], RdbContent.Of(first).Entries.Keys);
        Assert.Equal(ExitStatus.Failure, again.Status);
        Assert.Contains("--force", again.Error, StringComparison.Ordinal);
        JsonElement report = JsonDocument.Parse(forced.Output).RootElement;
        Assert.Equal("REDIS0011", report.GetProperty("rdbVersion").GetString());
        Assert.Equal(new FileInfo(all).Length, report.GetProperty("files")[0].GetProperty("sizeBytes").GetInt64());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(all));
        Assert.Equal([a, all, b], Directory.GetFiles(_directory.Path).Order());
    }

    [Fact]
    public async Task Key_in_both_files_ends_with_1_leaves_nothing_and_is_not_named()
    {
        string a = Write("a.rdb", SampleRdb.File([new SampleEntry("secret-key", "1")]));
        string b = Write("b.rdb", SampleRdb.File([new SampleEntry("secret-key", "1")]));

        ToolRun run = await ToolRun.RunAsync("rdb", "merge", a, b, "-o", PathOf("all.rdb"));

        Assert.Equal(ExitStatus.Failure, run.Status);
        Assert.Contains("a.rdb, byte ", run.Error, StringComparison.Ordinal);
        Assert.Contains("b.rdb, byte ", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-key", run.Error, StringComparison.Ordinal);
        Assert.Equal([a, b], Directory.GetFiles(_directory.Path).Order());
    }

    [Fact]
    public async Task Split_names_its_files_by_their_slots()
    {
        string file = Write("orders.rdb", SampleRdb.File(keys: 500, valueBytes: 10));

        ToolRun even = await ToolRun.RunAsync("rdb", "split", file, "--shards", "3", "-o", PathOf("even"));
        ToolRun own = await ToolRun.RunAsync("rdb", "split", file, "--slots", "0-99", "--slots", "100-16383", "-o", PathOf("own"));

        Assert.True(even.Status == ExitStatus.Success, even.Error);
        Assert.True(own.Status == ExitStatus.Success, own.Error);
        string[] files = [.. Directory.GetFiles(_directory.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal)!];
        Assert.Equal(["even-0-5460.rdb", "even-10922-16383.rdb", "even-5461-10921.rdb", "orders.rdb", "own-0-99.rdb", "own-100-16383.rdb"], files);
        Assert.Equal(500, files.Where(name => name.StartsWith("even", StringComparison.Ordinal)).Sum(name => Read(name).Entries.Count));
        Assert.All(Read("own-0-99.rdb").Entries.Keys, key => Assert.InRange(KeySlot.Of(Convert.FromHexString(key.Key)), 0, 99));
    }

    [Fact]
    public async Task Filter_takes_part_of_a_file_and_may_take_its_own_place()
    {
        string file = Write(
            "orders.rdb",
            SampleRdb.File([new SampleEntry("user:1", "a"), new SampleEntry("user:2", "b", 1_000), new SampleEntry("order:1", "c", 4_102_444_800_000)], "#!lua name=lib\n"));

        ToolRun users = await ToolRun.RunAsync("rdb", "filter", file, "-o", PathOf("users.rdb"), "--match", "user:*", "--functions", "--drop-expired");
        ToolRun within = await ToolRun.RunAsync("rdb", "filter", file, "-o", PathOf("soon.rdb"), "--expires-within", "2s", "--as-of", "1970-01-01T00:00:00Z");
        ToolRun itself = await ToolRun.RunAsync("rdb", "filter", file, "-o", file, "--without-expiry", "--force");

        Assert.True(users.Status == ExitStatus.Success, users.Error);
        Assert.Contains("2 keys left out; 1 function library", users.Output, StringComparison.Ordinal);
        Assert.Equal([(0, "757365723A31")], Read("users.rdb").Entries.Keys);
        Assert.Equal([(0, "757365723A32")], Read("soon.rdb").Entries.Keys);
        Assert.True(itself.Status == ExitStatus.Success, within.Error + itself.Error);
        Assert.Contains("2 keys left out; 1 function library left out (--functions", itself.Output, StringComparison.Ordinal);
        Assert.Equal([(0, "757365723A31")], Read("orders.rdb").Entries.Keys);
        Assert.Empty(Read("orders.rdb").Functions);
    }

    [Fact]
    public async Task Damaged_or_missing_file_ends_with_1_and_leaves_nothing()
    {
        byte[] damaged = SampleRdb.File(keys: 50, valueBytes: 50);
        damaged[200] ^= 1;
        string file = Write("orders.rdb", damaged);

        ToolRun run = await ToolRun.RunAsync("rdb", "filter", file, "-o", PathOf("out.rdb"));
        ToolRun missing = await ToolRun.RunAsync("rdb", "filter", PathOf("none.rdb"), "-o", PathOf("out.rdb"));

        Assert.Equal((ExitStatus.Failure, ExitStatus.Failure), (run.Status, missing.Status));
        Assert.Contains("orders.rdb", run.Error, StringComparison.Ordinal);
        Assert.Contains("none.rdb", missing.Error, StringComparison.Ordinal);
        Assert.Equal([file], Directory.GetFiles(_directory.Path));
    }

    [Theory]
    [InlineData(CacheEngine.Redis)]
    [InlineData(CacheEngine.Valkey)]
    [Trait("Category", "Server")]
    public async Task Demo_data_split_and_merged_again_load_as_they_were(CacheEngine engine)
    {
        await using ServerProcess source = await ServerProcess.StartAsync(engine);
        await using (RespConnection connection = await RespConnection.ConnectAsync(
            source.Address, new LocalCredentials(), RespConnectionOptions.Default, TimeProvider.System, CancellationToken.None))
        {
            DemoDataOptions options = new() { Keys = 4_000, LargestValueBytes = 20_000_000, Now = TimeProvider.System.GetUtcNow() };
            await new DemoData(options).FillAsync(connection, null, CancellationToken.None);
        }

        string url = $"redis://{source.Endpoint.Host}:{source.Endpoint.Port}";
        ToolRun snapshot = await ToolRun.RunAsync("snapshot", url, PathOf("all.rdb"));
        ToolRun split = await ToolRun.RunAsync("rdb", "split", PathOf("all.rdb"), "--shards", "5", "--all-databases", "-o", PathOf("part"));
        string[] parts = [.. SlotRange.Even(5).Select(range => PathOf($"part-{range}.rdb"))];
        ToolRun merged = await ToolRun.RunAsync(["rdb", "merge", .. parts, "-o", PathOf("again.rdb")]);
        await using ServerProcess target = await ServerProcess.StartAsync(new ServerOptions { Engine = engine, RdbFile = PathOf("again.rdb") });

        Assert.True(snapshot.Status + split.Status + merged.Status == 0, snapshot.Error + split.Error + merged.Error);
        CacheComparisonReport report = await new CacheComparison(source.Address, target.Address, new LocalCredentials(), TimeProvider.System)
            .RunAsync(null, CancellationToken.None);
        Assert.True(report.IsEqual, report.ToString());
        Assert.InRange(report.Equal, 3_600, 4_100);
        Assert.Equal(3, report.Functions);
    }

    private string PathOf(string name) => Path.Combine(_directory.Path, name);

    private string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(PathOf(name), bytes);
        return PathOf(name);
    }

    private RdbContent Read(string name) => RdbContent.Of(File.ReadAllBytes(PathOf(name)));
}
