using System.Text.Json;
using CacheBackup.Core.Buckets;
using CacheBackup.Core.Model;
using CacheBackup.Fixtures;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.EndToEnd;

[Trait("Category", "Server")]
public sealed class ImportTests
{
    [Theory]
    [InlineData(CacheEngine.Redis)]
    [InlineData(CacheEngine.Valkey)]
    public async Task File_of_a_servers_own_SAVE_seeds_a_new_cache_in_one_request(CacheEngine engine)
    {
        Requires.Program(ServerProcess.ProgramOf(engine));
        using TemporaryDirectory imports = new();
        await using (ServerProcess source = await ServerProcess.StartAsync(engine))
        {
            await LoadedServer.FillAsync(source);
            await using CacheClient client = await source.ConnectAsync();
            await client.RequireAsync("SAVE");
            string saved = Directory.EnumerateFiles(source.DirectoryPath, "*.rdb").Single();
            Directory.CreateDirectory(Path.Combine(imports.Path, "folder"));
            File.Copy(saved, Path.Combine(imports.Path, "folder", "server-backup.rdb"));
        }

        await using ServiceUnderTest service = await StartAsync(imports.Path);
        JsonElement started = await service.PostAsync(
            "/backups/import",
            new { name = "seed", file = $"{imports.Path}/folder/server-backup.rdb", engine = engine.ToString().ToLowerInvariant(), restore = new { cache = "fresh" } });
        JsonElement ended = await service.EndOfAsync(started.GetProperty("execution").GetString()!);
        Assert.True(ended.GetProperty("status").GetString() == "succeeded", ended.ToString());
        JsonElement cache = await service.WaitForAsync("/caches/fresh", "available");
        JsonElement backup = await service.WaitForAsync("/backups/seed", "available");
        Assert.Equal("imported", backup.GetProperty("kind").GetString());
        Assert.Equal(205, backup.GetProperty("keys").GetInt64());
        Assert.Equal(backup.GetProperty("keys").GetInt64(), cache.GetProperty("restoration").GetProperty("outcome").GetProperty("total").GetInt64());
    }

    [Fact]
    public async Task File_that_is_not_one_becomes_a_failed_backup_that_says_where()
    {
        using TemporaryDirectory imports = new();
        await File.WriteAllTextAsync(Path.Combine(imports.Path, "notes.rdb"), "this is no data of any server");
        await using ServiceUnderTest service = await StartAsync(imports.Path);
        await service.PostAsync("/backups/import", new { name = "seed", file = $"{imports.Path}/notes.rdb" });
        JsonElement backup = await service.WaitForAsync("/backups/seed", "failed");
        Assert.Contains("BadMagic", backup.GetProperty("statusReason").GetString(), StringComparison.Ordinal);
        await service.Client.RemoveAsync("/backups/seed");
    }

    private static Task<ServiceUnderTest> StartAsync(string imports) =>
        ServiceUnderTest.StartAsync(configured: new ConfiguredBuckets { ImportBuckets = [BucketAddress.Parse(imports)] });
}
