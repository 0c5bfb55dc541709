using System.Globalization;
using CacheBackup.Core.Inspections;
using CacheBackup.Core.Model;
using CacheBackup.Core.Resp;
using CacheBackup.Core.Tests.Rdb;
using CacheBackup.Fixtures;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.Core.Tests.Inspections;

/// <summary>What an inspection says of a server's memory and encodings, against the server that has loaded the file.</summary>
[Trait("Category", "Server")]
public sealed class InspectorServerTests(ITestOutputHelper output)
{
    /// <summary>Each kind of data by itself may be this far off; docs/rdb.md has the figures that were measured.</summary>
    private const double MostErrorPercent = 20;
    private const double MostErrorOfMixPercent = 10;

    [Theory]
    [InlineData(CacheEngine.Redis)]
    [InlineData(CacheEngine.Valkey)]
    public async Task Estimated_memory_is_near_what_the_loaded_server_uses(CacheEngine engine)
    {
        List<string> wrong = [];
        List<RespArgument[]> all = [];
        foreach (var (name, commands) in Workloads())
        {
            double error = await ErrorPercentAsync(engine, name, commands);
            all.AddRange(commands);
            if (Math.Abs(error) > MostErrorPercent)
            {
                wrong.Add($"{name}: {error:0.0} %");
            }
        }

        double mixed = await ErrorPercentAsync(engine, "all of these", all);
        Assert.Empty(wrong);
        Assert.InRange(mixed, -MostErrorOfMixPercent, MostErrorOfMixPercent);
    }

    [Fact]
    public async Task Encodings_are_those_that_the_server_tells()
    {
        await using ServerProcess server = await ServerProcess.StartAsync(CacheEngine.Redis);
        await using CacheClient client = await server.ConnectAsync();
        await SampleData.WriteAsync(client);
        await client.RequireAsync("SAVE");
        byte[] file = await File.ReadAllBytesAsync(Path.Combine(server.DirectoryPath, "dump.rdb"));

        // Some values were made in another way than a file would bring them.
        await client.RequireAsync("DEBUG", "RELOAD", "NOSAVE");
        int asked = 0;
        foreach (BigKey key in InspectorTests.Inspect(file, InspectionOptions.Default with { Biggest = 10_000 }).Biggest)
        {
            await client.RequireAsync("SELECT", key.Database);
            string told = await client.TextAsync("OBJECT", "ENCODING", key.Key);
            Assert.Equal(told, key.Encoding.ToString().ToLowerInvariant());
            asked++;
        }

        Assert.True(asked > 500, $"{asked} keys");
    }

    private static IEnumerable<(string Name, List<RespArgument[]> Commands)> Workloads()
    {
        static string Text(int i, int length) => string.Concat(Enumerable.Repeat($"{i * 7919 % 100_003}-", (length / 2) + 1))[..length];
        yield return ("short strings", [.. Enumerable.Range(0, 60_000).Select(i => (RespArgument[])["SET", $"session:{i}", Text(i, 20 + (i % 20))])]);
        yield return ("expiring numbers", [.. Enumerable.Range(0, 60_000).Select(i => (RespArgument[])["SET", $"counter:{i}", 1_000_000 + i, "PXAT", 4_102_444_800_000])]);
        yield return ("long strings", [.. Enumerable.Range(0, 3_000).Select(i => (RespArgument[])["SET", $"page:{i}", Text(i, 1_000 + (i * 3))])]);
        yield return ("small hashes", [.. Enumerable.Range(0, 20_000).Select(i => (RespArgument[])["HSET", $"user:{i}", "name", Text(i, 12), "email", Text(i, 22), "age", i % 90])]);
        yield return ("large hash", [.. Enumerable.Range(0, 100_000).Select(i => (RespArgument[])["HSET", "all:users", $"field:{i}", Text(i, 30)])]);
        yield return ("large set", [.. Enumerable.Range(0, 100_000).Select(i => (RespArgument[])["SADD", "all:tags", $"member:{i}"])]);
        yield return ("large sorted set", [.. Enumerable.Range(0, 100_000).Select(i => (RespArgument[])["ZADD", "all:scores", (i * 0.37).ToString("R", CultureInfo.InvariantCulture), $"member:{i}"])]);
        yield return ("lists", [.. Enumerable.Range(0, 100_000).Select(i => (RespArgument[])["RPUSH", $"queue:{i % 50}", Text(i, 40)])]);
        yield return ("streams", [.. Enumerable.Range(0, 60_000).Select(i => (RespArgument[])["XADD", $"events:{i % 20}", $"{i + 1}-1", "field", Text(i, 30), "other", i])]);
    }

    private async Task<double> ErrorPercentAsync(CacheEngine engine, string name, List<RespArgument[]> commands)
    {
        using TemporaryDirectory directory = new();
        string path = Path.Combine(directory.Path, "data.rdb");
        await using (ServerProcess source = await ServerProcess.StartAsync(engine))
        {
            await using CacheClient client = await source.ConnectAsync();
            foreach (RespArgument[][] batch in commands.Chunk(10_000))
            {
                await client.RunAsync(batch);
            }

            await client.RequireAsync("SAVE");
            File.Copy(Path.Combine(source.DirectoryPath, "dump.rdb"), path);
        }

        double estimated = InspectorTests.Inspect(await File.ReadAllBytesAsync(path), InspectionOptions.Default).MemoryBytes;
        double used = await UsedAsync(engine, path) - await UsedAsync(engine, null);
        double error = 100 * (estimated - used) / used;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{engine} {name}: estimated {estimated:0}, used {used:0}, {error:+0.0;-0.0} %"));
        return error;
    }

    private static async Task<double> UsedAsync(CacheEngine engine, string? path)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(new ServerOptions { Engine = engine, RdbFile = path });
        await using CacheClient client = await server.ConnectAsync();
        string memory = await client.TextAsync("INFO", "memory");
        return double.Parse(memory.Split("\r\n").Single(line => line.StartsWith("used_memory:", StringComparison.Ordinal))["used_memory:".Length..], CultureInfo.InvariantCulture);
    }
}
