using System.Net;
using System.Text.Json;
using CacheBackup.Core.Buckets;
using CacheBackup.Core.Model;
using CacheBackup.Fixtures;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.EndToEnd;

[Trait("Category", "Server")]
public sealed class CopyTests
{
    [Fact]
    public async Task Copies_here_and_in_another_directory_are_restored_after_their_source_is_gone()
    {
        Requires.Program(ServerProcess.ProgramOf(CacheEngine.Redis));
        using TemporaryDirectory elsewhere = new();
        await using ServerProcess source = await ServerProcess.StartAsync(CacheEngine.Redis);
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync(
            configured: new ConfiguredBuckets { CopyTargets = [BucketAddress.Parse(elsewhere.Path)] });
        await service.RegisterAsync("source", source.Port);
        JsonElement first = await service.BackUpAsync("first", "source");
        await service.PostAsync("/backups/first/copy", new { name = "near", tags = new[] { new { key = "kept", value = "yes" } } });
        JsonElement near = await service.WaitForAsync("/backups/near", "available");
        await service.PostAsync("/backups/near/copy", new { name = "far", location = elsewhere.Path });
        JsonElement far = await service.WaitForAsync("/backups/far", "available");

        Assert.Equal(("copy", "copy"), (near.GetProperty("kind").GetString(), far.GetProperty("kind").GetString()));
        Assert.Equal(elsewhere.Path, far.GetProperty("location").GetProperty("location").GetString());
        Assert.Equal("yes", far.GetProperty("tags")[0].GetProperty("value").GetString());
        Assert.Equal(
            first.GetProperty("shards")[0].GetProperty("sha256").GetString(), far.GetProperty("shards")[0].GetProperty("sha256").GetString());
        await RemoveAsync(service, "/backups/first");
        await RemoveAsync(service, "/backups/near");
        long keys = first.GetProperty("keys").GetInt64();
        foreach (string fill in new[] { "restore", "load" })
        {
            JsonElement cache = await service.RestoreAsync("far", $"by-{fill}", fill);
            Assert.Equal(keys, cache.GetProperty("restoration").GetProperty("outcome").GetProperty("total").GetInt64());
        }

        await RemoveAsync(service, "/backups/far");
        Assert.Empty(Directory.EnumerateFiles(elsewhere.Path, "*.rdb", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Place_that_serve_was_not_told_of_is_refused_with_the_option_to_add()
    {
        Requires.Program(ServerProcess.ProgramOf(CacheEngine.Redis));
        await using ServerProcess source = await ServerProcess.StartAsync(CacheEngine.Redis);
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        await service.RegisterAsync("source", source.Port);
        await service.BackUpAsync("first", "source");
        (HttpStatusCode status, JsonElement problem) = await service.SendAsync(
            HttpMethod.Post, "/backups/first/copy", new { name = "far", location = "s3://not-listed" });
        Assert.Equal((HttpStatusCode.Forbidden, "target-not-configured"), (status, problem.GetProperty("code").GetString()));
        Assert.Contains("--copy-to s3://not-listed", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    /// <summary>Whoever used the backup may still be about to say that it does no longer.</summary>
    private static async Task RemoveAsync(ServiceUnderTest service, string path)
    {
        await service.WaitForAsync(path, "available");
        await service.Client.RemoveAsync(path);
    }
}
