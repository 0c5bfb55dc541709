using System.Text.Json;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Fixtures;
using CacheBackup.Fixtures.Caches;
using CacheBackup.Local.StateMachines;
using ExecutionStatus = CacheBackup.Local.StateMachines.ExecutionStatus;

namespace CacheBackup.Bootstrap.Tests;

/// <summary>
/// A whole backup, and a whole restore from it, with real servers as source and target, every function the published binary, and S3, Step
/// Functions' API and secrets answered by moto.
/// </summary>
[Trait("Category", "Server")]
public sealed class LifeOfABackupTests(PublishedBinary binary, MotoServer moto)
{
    private const string Password = "of the caches";

    [Fact]
    public async Task Backup_is_taken_verified_copied_restored_compared_exported_imported_and_removed_by_the_binary()
    {
        await using ServerProcess source = await StartServerAsync();
        await using ServerProcess target = await StartServerAsync();
        await using (CacheClient client = await source.ConnectAsync(Password))
        {
            await SampleData.WriteAsync(client, bulkBytes: 12 * 1024 * 1024);
        }

        await using DeployedService service = await DeployedService.StartAsync(moto, binary);
        string password = await service.Stack.CreateSecretAsync(Password);

        await service.CompleteJobAsync("POST", "/caches", new { name = "shop", host = "127.0.0.1", port = source.Port, password });
        await AssertStatusAsync(service, "/caches/shop", "available");
        await service.CompleteJobAsync("POST", "/backups", new { name = "first", cache = "shop" });
        JsonElement backup = await AssertStatusAsync(service, "/backups/first", "available");
        long keys = backup.GetProperty("keys").GetInt64();
        Assert.True(keys > 0);

        await service.CompleteJobAsync("POST", "/backups/first/verify");
        await service.CompleteJobAsync(
            "POST", "/backups/first/restore", new { cache = "shop-copy", endpoint = new { host = "127.0.0.1", port = target.Port, password } });
        JsonElement restored = await AssertStatusAsync(service, "/caches/shop-copy", "available");
        Assert.Equal(keys, restored.GetProperty("restoration").GetProperty("outcome").GetProperty("restored").GetInt64());
        long[] expected = await SizesAsync(source);
        long[] found = await SizesAsync(target);
        Assert.Equal(expected, found);

        await service.CompleteJobAsync("POST", "/backups/first/copy", new { name = "second", location = $"s3://{service.Stack.Name}-copies" });
        await service.CompleteJobAsync("POST", "/backups/first/export", new { location = $"s3://{service.Stack.Name}-exports", name = "monthly" });
        await service.CompleteJobAsync("POST", "/backups/import", new { name = "third", file = $"{service.Stack.Name}-exports/monthly-0001.rdb" });
        Assert.Equal(keys, (await AssertStatusAsync(service, "/backups/third", "available")).GetProperty("keys").GetInt64());
        Assert.Equal(keys, (await AssertStatusAsync(service, "/backups/second", "available")).GetProperty("keys").GetInt64());
        await AssertDownloadAsync(service, backup);

        await RunTickAsync(service, StateMachines.Schedule);
        await RunTickAsync(service, StateMachines.Purge);
        await service.CompleteJobAsync("DELETE", "/backups/second");
        await service.CompleteJobAsync("DELETE", "/caches/shop-copy");
        Assert.Equal(404, (await service.SendAsync("GET", "/backups/second")).Status);
        Assert.Equal(404, (await service.SendAsync("GET", "/caches/shop-copy")).Status);

        // What was measured went to the functions' logs, and no password did.
        Assert.Contains("\"_aws\"", service.Functions.Called["CompleteBackup"].Log, StringComparison.Ordinal);
        Assert.All(service.Functions.Called.Values, process => Assert.DoesNotContain(Password, process.Log, StringComparison.Ordinal));
        TestContext.Current.TestOutputHelper!.WriteLine($"Functions called: {string.Join(", ", service.Functions.Called.Keys.Order())}");
    }

    [Fact]
    public async Task Target_that_holds_a_key_ends_the_restore_by_the_exceptions_name_and_is_not_touched()
    {
        await using ServerProcess source = await StartServerAsync();
        await using ServerProcess target = await StartServerAsync();
        await using CacheClient client = await target.ConnectAsync(Password);
        await client.RequireAsync("SET", "mine", "1");
        await using DeployedService service = await DeployedService.StartAsync(moto, binary);
        string password = await service.Stack.CreateSecretAsync(Password);
        await service.CompleteJobAsync("POST", "/caches", new { name = "shop", host = "127.0.0.1", port = source.Port, password });
        await service.CompleteJobAsync("POST", "/backups", new { name = "first", cache = "shop" });

        ExecutionResult result = await service.RunJobAsync(
            "POST", "/backups/first/restore", new { cache = "copy", endpoint = new { host = "127.0.0.1", port = target.Port, password } });

        Assert.Equal((ExecutionStatus.Failed, "TargetNotEmptyException"), (result.Status, result.Error));
        JsonElement cache = await AssertStatusAsync(service, "/caches/copy", "restore-failed");
        Assert.Contains("TargetNotEmptyException", cache.ToString(), StringComparison.Ordinal);
        long[] sizes = await SizesAsync(target);
        Assert.Equal<long[]>([1, 0, 0], sizes);
    }

    [Fact]
    public async Task Execution_that_was_stopped_is_abandoned_when_EventBridge_tells_of_it()
    {
        await using ServerProcess source = await StartServerAsync();
        await using DeployedService service = await DeployedService.StartAsync(moto, binary);
        string password = await service.Stack.CreateSecretAsync(Password);
        await service.CompleteJobAsync("POST", "/caches", new { name = "shop", host = "127.0.0.1", port = source.Port, password });
        (int status, JsonElement started) = await service.SendAsync("POST", "/backups", new { name = "first", cache = "shop" });
        Assert.Equal(202, status);
        ExecutionId id = service.ExecutionIn(started);

        TaskFailedException early = await Assert.ThrowsAsync<TaskFailedException>(() => service.TellOfEndAsync(id, "ABORTED"));
        Assert.Equal("ExecutionStillRunningException", early.ErrorType);
        await AssertStatusAsync(service, "/backups/first", "creating");

        await service.SendAsync("POST", $"/executions/{Uri.EscapeDataString(id.Value)}/cancel");
        await service.TellOfEndAsync(id, "ABORTED");
        await AssertStatusAsync(service, "/backups/first", "failed");
        await AssertStatusAsync(service, "/caches/shop", "available");

        await service.TellOfEndAsync(new ExecutionId("arn:aws:states:us-east-1:123456789012:execution:another-backup:x"), "FAILED");
        Assert.Contains("no execution of this service", service.Functions.Called["AbandonExecution"].Log, StringComparison.Ordinal);
    }

    private static Task<ServerProcess> StartServerAsync() => ServerProcess.StartAsync(
        new ServerOptions { Engine = CacheEngine.Redis, Configuration = [$"requirepass \"{Password}\""] });

    private static async Task<JsonElement> AssertStatusAsync(DeployedService service, string path, string status)
    {
        (_, JsonElement body) = await service.SendAsync("GET", path);
        Assert.True(body.TryGetProperty("status", out JsonElement found) && found.GetString() == status, $"{path} was to be {status}: {body}");
        return body;
    }

    private static async Task RunTickAsync(DeployedService service, string machine)
    {
        ExecutionResult result = await service.RunAsync(machine, "202603121900", JsonDocument.Parse("""{"time":"2026-03-12T19:00:00Z"}""").RootElement);
        Assert.True(result.Status == ExecutionStatus.Succeeded, $"{machine}: {result.Error}: {result.Cause}");
    }

    private static async Task AssertDownloadAsync(DeployedService service, JsonElement backup)
    {
        (int status, JsonElement link) = await service.SendAsync("GET", "/backups/first/download");
        Assert.True(status == 200, link.ToString());
        using HttpClient client = new();
        byte[] file = await client.GetByteArrayAsync(new Uri(link.GetProperty("url").GetString()!));
        Assert.Equal(backup.GetProperty("sizeBytes").GetInt64(), file.Length);

        (int refused, JsonElement problem) = await service.SendAsync("GET", "/backups/first/download?db=0");
        Assert.Equal(409, refused);
        Assert.Contains("fetch the whole file", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    /// <summary>Keys of the three databases that the sample data has.</summary>
    private static async Task<long[]> SizesAsync(ServerProcess server)
    {
        await using CacheClient client = await server.ConnectAsync(Password);
        List<long> sizes = [];
        foreach (int database in new[] { 0, 3, 9 })
        {
            await client.RequireAsync("SELECT", database);
            Assert.True((await client.RequireAsync("DBSIZE")).TryGetNumber(out long size));
            sizes.Add(size);
        }

        return [.. sizes];
    }
}
