using System.Text.Json;
using CacheBackup.Fixtures;
using CacheBackup.Fixtures.Snapshots;

namespace CacheBackup.Local.Commands;

public sealed class DiffCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Equal_files_end_with_0_and_different_ones_with_1()
    {
        string a = Write("a.rdb", [new SampleEntry("user:1", "a"), new SampleEntry("user:2", "b")]);
        string b = Write("b.rdb", [new SampleEntry("user:2", "b"), new SampleEntry("user:1", "a")]);
        string c = Write("c.rdb", [new SampleEntry("user:2", "c"), new SampleEntry("secret", "a")]);

        ToolRun equal = await ToolRun.RunAsync("diff", a, b);
        ToolRun different = await ToolRun.RunAsync("diff", a, c);
        ToolRun json = await ToolRun.RunAsync("diff", a, c, "--json", "--prefixes", "0");

        Assert.True(equal.Status == ExitStatus.Success, equal.Error + equal.Output);
        Assert.Contains("Equal: 2 keys", equal.Output, StringComparison.Ordinal);
        Assert.Equal((ExitStatus.Failure, ExitStatus.Failure), (different.Status, json.Status));
        Assert.Contains("1 added, 1 removed, 0 of another type, 1 with another value", different.Output, StringComparison.Ordinal);
        Assert.Contains("user:", different.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", different.Output + different.Error + json.Output, StringComparison.Ordinal);
        JsonElement report = JsonDocument.Parse(json.Output).RootElement;
        Assert.False(report.GetProperty("equal").GetBoolean());
        Assert.Equal(1, report.GetProperty("keys").GetProperty("valueChanged").GetInt64());
        Assert.Empty(report.GetProperty("prefixes").EnumerateArray());
        Assert.Equal(1, report.GetProperty("otherPrefixes").GetProperty("added").GetInt64());
    }

    [Fact]
    public async Task Keys_are_named_where_they_are_asked_for_and_cannot_drive_the_terminal()
    {
        string a = Write("a.rdb", [new SampleEntry("gone", "a")]);
        string b = Write("b.rdb", [new SampleEntry("\u001b[31mred[/]", "a")]);

        ToolRun run = await ToolRun.RunAsync("diff", a, b, "--keys", "5", "--memory", "0");
        ToolRun json = await ToolRun.RunAsync("diff", a, b, "--keys", "5", "--json");

        Assert.Contains("gone", run.Output, StringComparison.Ordinal);
        Assert.Contains(@"\x1b[31mred[/]", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Output + run.Error);
        JsonElement[] examples = [.. JsonDocument.Parse(json.Output).RootElement.GetProperty("examples").EnumerateArray()];
        Assert.Equal(["added", "removed"], examples.Select(example => example.GetProperty("kind").GetString()));
        Assert.Equal("gone", examples[1].GetProperty("key").GetString());
    }

    [Fact]
    public async Task Damaged_or_missing_file_ends_with_1_and_is_named()
    {
        string a = Write("a.rdb", [new SampleEntry("a", "a")]);
        File.WriteAllBytes(Path.Combine(_directory.Path, "bad.rdb"), "REDIS0010x"u8.ToArray());

        ToolRun damaged = await ToolRun.RunAsync("diff", a, Path.Combine(_directory.Path, "bad.rdb"));
        ToolRun missing = await ToolRun.RunAsync("diff", a, "/nowhere/none.rdb");

        Assert.Equal((ExitStatus.Failure, ExitStatus.Failure), (damaged.Status, missing.Status));
        Assert.Contains("bad.rdb", damaged.Error, StringComparison.Ordinal);
        Assert.Contains("/nowhere/none.rdb", missing.Error, StringComparison.Ordinal);
    }

    private string Write(string name, IEnumerable<SampleEntry> entries)
    {
        string path = Path.Combine(_directory.Path, name);
        File.WriteAllBytes(path, SampleRdb.File(entries));
        return path;
    }
}
