using System.Diagnostics;
using CacheBackup.Core.Model;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Rewrites;
using CacheBackup.Core.Tests.Rdb;
using CacheBackup.Fixtures;
using CacheBackup.Fixtures.Caches;
using CacheBackup.Fixtures.Snapshots;

namespace CacheBackup.Core.Tests.Rewrites;

/// <summary>The judges of what is written are the servers' own checker and the servers: they load it, and give back the same values.</summary>
[Trait("Category", "Server")]
public sealed class RdbRewriteServerTests
{
    private static readonly RewriteOptions Whole = new() { Route = new WholeRoute(), DropModuleData = true };

    [Theory]
    [InlineData(CacheEngine.Redis, "REDIS0010", 55)]
    [InlineData(CacheEngine.Valkey, "REDIS0011", 58)]
    public async Task Every_good_file_passes_the_checker_and_loads_with_equal_values(CacheEngine engine, string version, int atLeast)
    {
        using var directory = new TemporaryDirectory();
        await using ServerProcess server = await ServerProcess.StartAsync(engine);
        await using CacheClient client = await server.ConnectAsync();
        int loaded = 0;
        foreach (var (fixture, bytes) in RdbFixtures.Good(int.MaxValue))
        {
            byte[] written;
            try
            {
                written = await Rewriting.WholeAsync(bytes, Whole with { Version = RdbWriterTests.Parse(version) });
            }
            catch (NotInRdbVersionException)
            {
                continue;
            }

            string path = Path.Combine(directory.Path, fixture.File);
            await File.WriteAllBytesAsync(path, written);
            if (written.AsSpan().IndexOf((byte)RdbType.Module2) >= 0 && RdbContent.Of(written).Summary.Types.ContainsKey(RdbType.Module2))
            {
                // No server here has the module: the checker stops, and so does loading.
                continue;
            }

            await CheckAsync(engine, path);
            await client.RequireAsync("FUNCTION", "FLUSH");
            File.Copy(path, Path.Combine(server.DirectoryPath, "dump.rdb"), overwrite: true);
            await client.RequireAsync("DEBUG", "RELOAD", "NOSAVE");
            await client.RequireAsync("SAVE");
            RdbContent kept = RdbContent.Of(await File.ReadAllBytesAsync(Path.Combine(server.DirectoryPath, "dump.rdb")));
            DateTimeOffset now = TimeProvider.System.GetUtcNow();
            Assert.True(SameEntries(RdbContent.Of(bytes).Alive(now), kept.Alive(now)), fixture.File);
            loaded++;
        }

        Assert.True(loaded >= atLeast, $"{loaded} files were loaded.");
    }

    [Theory]
    [InlineData(CacheEngine.Redis)]
    [InlineData(CacheEngine.Valkey)]
    public async Task Split_and_merged_data_of_a_server_load_as_they_were(CacheEngine engine)
    {
        using var directory = new TemporaryDirectory();
        byte[] saved;
        await using (ServerProcess source = await ServerProcess.StartAsync(engine))
        {
            await using CacheClient client = await source.ConnectAsync();
            await SampleData.WriteAsync(client, bulkBytes: 2_000_000);
            await client.RequireAsync("SAVE");
            saved = await File.ReadAllBytesAsync(Path.Combine(source.DirectoryPath, "dump.rdb"));
        }

        var (_, parts) = await Rewriting.RunAsync(new RewriteOptions { Route = new SlotRoute(SlotRange.Even(3), anyDatabase: true) }, saved);
        var (_, merged) = await Rewriting.RunAsync(Whole, parts);
        string path = Path.Combine(directory.Path, "merged.rdb");
        await File.WriteAllBytesAsync(path, merged[0]);
        await CheckAsync(engine, path);

        await using ServerProcess target = await ServerProcess.StartAsync(new ServerOptions { Engine = engine, RdbFile = path });
        await using CacheClient loaded = await target.ConnectAsync();
        await loaded.RequireAsync("SAVE");
        RdbContent kept = RdbContent.Of(await File.ReadAllBytesAsync(Path.Combine(target.DirectoryPath, "dump.rdb")));
        RdbContent before = RdbContent.Of(saved);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        Assert.True(SameEntries(before.Alive(now), kept.Alive(now)));
        Assert.NotEmpty(before.Functions);
        Assert.True(before.Functions.SetEquals(kept.Functions));
    }

    private static bool SameEntries<TKey, TValue>(Dictionary<TKey, TValue> a, Dictionary<TKey, TValue> b)
        where TKey : notnull => a.Count == b.Count && a.All(entry => b.TryGetValue(entry.Key, out TValue? value) && Equals(entry.Value, value));

    private static async Task CheckAsync(CacheEngine engine, string path)
    {
        string checker = Requires.Program(engine == CacheEngine.Redis ? "redis-check-rdb" : "valkey-check-rdb");
        using Process process = Process.Start(new ProcessStartInfo(checker, [path]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{Path.GetFileName(path)}: {said} {await errors}");
    }
}
