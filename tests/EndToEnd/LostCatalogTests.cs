using System.Net;
using System.Text.Json;
using CacheBackup.Core.Model;
using CacheBackup.Fixtures;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.EndToEnd;

/// <summary>The disaster that the manifests beside the data are there for: the whole catalog is gone, the data is not.</summary>
[Trait("Category", "Server")]
public sealed class LostCatalogTests
{
    private static readonly string[] Kept = ["name", "createdAt", "kind", "status", "keys", "keysWithExpiry", "sizeBytes", "tags", "shards"];

    [Fact]
    public async Task A_catalog_that_is_wholly_gone_is_rebuilt_from_the_data_and_its_backups_are_restored()
    {
        using TemporaryDirectory data = new();
        await using ServerProcess server = await FailedBackupTests.FilledServerAsync(CacheEngine.Valkey);
        JsonElement before;
        await using (ServiceUnderTest first = await ServiceUnderTest.StartAsync(data.Path))
        {
            await first.RegisterAsync("source", server.Port);
            await first.PostAsync("/backups", new { name = "first", cache = "source", tags = new[] { new { key = "team", value = "shop" } } });
            before = await first.WaitForAsync("/backups/first", "available");
        }

        string catalog = Path.Combine(data.Path, "store", "catalog~");
        Assert.NotEmpty(Directory.GetFiles(catalog, "*", SearchOption.AllDirectories));
        Directory.Delete(catalog, recursive: true);
        await using (ServiceUnderTest empty = await ServiceUnderTest.StartAsync(data.Path))
        {
            Assert.Equal(HttpStatusCode.NotFound, (await empty.GetAsync("/backups/first")).Status);
        }

        (int status, string output, string error) = await ToolProcess.RunAsync("catalog", "rebuild", "--data", data.Path);
        Assert.True(status == 0, error + output);
        Assert.StartsWith("1 record restored", output, StringComparison.Ordinal);

        await using ServiceUnderTest second = await ServiceUnderTest.StartAsync(data.Path);
        JsonElement after = (await second.GetAsync("/backups/first")).Body;
        Assert.All(Kept, member => Assert.Equal(before.GetProperty(member).ToString(), after.GetProperty(member).ToString()));
        Assert.Equal(1, (await second.GetAsync("/backups?tag=team&tagValue=shop")).Body.GetProperty("backups").GetArrayLength());
        JsonElement copy = await second.RestoreAsync("first", "copy");
        JsonElement outcome = copy.GetProperty("restoration").GetProperty("outcome");
        Assert.Equal(before.GetProperty("keys").GetInt64(), outcome.GetProperty("total").GetInt64());
    }
}
