using System.Text.Json;
using CacheBackup.Core.Segments;
using CacheBackup.Fixtures;

namespace CacheBackup.Local.Commands;

public sealed class VerifyCommandTests
{
    public static TheoryData<string> Files => SharedFixtures.IsPresent ? [.. Index().Select(entry => entry.GetProperty("file").GetString()!)] : ["absent"];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Every_sample_file_is_judged_as_its_index_says(string name)
    {
        string path = SharedFixtures.Path("rdb", name);
        JsonElement expected = Index().Single(entry => entry.GetProperty("file").GetString() == name);

        ToolRun run = await ToolRun.RunAsync("verify", path, "--json");
        ToolRun inspected = await ToolRun.RunAsync("inspect", path, "--json");

        JsonElement json = JsonDocument.Parse(run.Output).RootElement;
        string verdict = json.GetProperty("verdict").GetString()!;
        bool isGood = verdict is "verified" or "unverified";
        Assert.Equal(isGood ? 0 : 1, run.Status);
        Assert.Equal(isGood ? 0 : 1, inspected.Status);
        Assert.Equal(expected.GetProperty("expect").GetString() == "ok", isGood);
        if (isGood)
        {
            Assert.Equal(expected.GetProperty("crc").GetString() == "set" ? "verified" : "unverified", verdict);
            Assert.Equal(expected.GetProperty("keys").GetInt64(), json.GetProperty("keys").GetInt64());
            Assert.Equal(expected.GetProperty("expires").GetInt64(), json.GetProperty("keysWithExpiry").GetInt64());
            Assert.Equal(JsonValueKind.Null, json.GetProperty("code").ValueKind);
            using SegmentIndexer indexer = new();
            indexer.Append(await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
            IndexedContent content = indexer.Complete();
            Assert.Equal(content.ContentDigest.ToString(), json.GetProperty("contentDigest").GetString());
            Assert.Equal(content.Index.Segments.Count, json.GetProperty("segments").GetInt32());
            JsonElement inspection = JsonDocument.Parse(inspected.Output).RootElement;
            Assert.Equal(expected.GetProperty("keys").GetInt64(), inspection.GetProperty("keys").GetInt64());
            Assert.Equal(
                expected.GetProperty("keys").GetInt64(), inspection.GetProperty("types").EnumerateArray().Sum(type => type.GetProperty("keys").GetInt64()));
        }
        else
        {
            Assert.NotEqual(JsonValueKind.Null, json.GetProperty("code").ValueKind);
            Assert.NotEmpty(json.GetProperty("reason").GetString()!);
        }
    }

    [Fact]
    public async Task Damaged_file_ends_with_1_and_says_where()
    {
        using TemporaryDirectory directory = new();
        string path = Path.Combine(directory.Path, "damaged.rdb");
        byte[] bytes = SharedFixtures.Read("rdb", "librdb-multiple_dbs.rdb");
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);

        ToolRun run = await ToolRun.RunAsync("verify", path);
        ToolRun json = await ToolRun.RunAsync("verify", path, "--json");

        Assert.Equal(ExitStatus.Failure, run.Status);
        Assert.Contains("damaged", run.Output, StringComparison.Ordinal);
        JsonElement report = JsonDocument.Parse(json.Output).RootElement;
        Assert.Equal("damaged", report.GetProperty("verdict").GetString());
        Assert.Equal("ChecksumMismatch", report.GetProperty("code").GetString());
        Assert.Equal(bytes.Length - 8, report.GetProperty("offset").GetInt64());
        Assert.Equal("REDIS0011", report.GetProperty("rdbVersion").GetString());
    }

    [Fact]
    public async Task Structure_inside_of_values_is_checked_on_request()
    {
        using TemporaryDirectory directory = new();
        string path = Path.Combine(directory.Path, "nonsense.rdb");

        // No checksum, and a listpack that states 99 bytes and has 4.
        await File.WriteAllBytesAsync(path, [.. "REDIS0010"u8, 16, 1, (byte)'k', 4, 99, 0, 0, 0, 0xff, 0, 0, 0, 0, 0, 0, 0, 0]);

        ToolRun shallow = await ToolRun.RunAsync("verify", path);
        ToolRun deep = await ToolRun.RunAsync("verify", path, "--values");

        Assert.Equal(ExitStatus.Success, shallow.Status);
        Assert.Contains("unverified", shallow.Output, StringComparison.Ordinal);
        Assert.Equal(ExitStatus.Failure, deep.Status);
    }

    private static List<JsonElement> Index() => [.. JsonDocument.Parse(SharedFixtures.Read("rdb", "index.json")).RootElement.EnumerateArray()];
}
