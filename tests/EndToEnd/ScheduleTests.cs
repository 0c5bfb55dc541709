using System.Globalization;
using System.Net;
using System.Text.Json;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Fixtures;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.EndToEnd;

/// <summary>Automatic and final backups of a running server, over the API, as the tick and the purge see to them.</summary>
[Trait("Category", "Server")]
public sealed class ScheduleTests
{
    [Fact]
    public async Task A_cache_is_backed_up_in_its_window_kept_by_its_policy_and_removed_after_a_final_backup()
    {
        Requires.Program(ServerProcess.ProgramOf(CacheEngine.Redis));
        await using ServerProcess server = await ServerProcess.StartAsync(CacheEngine.Redis);
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        string window = $"{At(-30)}-{At(60)}";
        await service.PostAsync(
            "/caches",
            new { name = "shop", host = "127.0.0.1", port = server.Port, automaticBackups = new { retentionDays = 7, window, keep = new { monthly = 12 } } });
        JsonElement cache = await service.WaitForAsync("/caches/shop", "available");
        JsonElement settings = cache.GetProperty("automaticBackups");
        Assert.Equal(window, settings.GetProperty("window").GetString());
        Assert.Equal(12, settings.GetProperty("keep").GetProperty("monthly").GetInt32());

        await RunAsync(service, StateMachines.Schedule, "one");
        string name = $"automatic.shop-{settings.GetProperty("nextWindow").GetDateTimeOffset():yyyy-MM-dd-HH-mm}";
        JsonElement backup = await service.WaitForAsync($"/backups/{name}", "available");
        Assert.Equal("automatic", backup.GetProperty("kind").GetString());
        Assert.Equal(
            backup.GetProperty("createdAt").GetDateTimeOffset().AddDays(7), backup.GetProperty("expiresAt").GetDateTimeOffset());
        await RunAsync(service, StateMachines.Schedule, "two");
        Assert.Equal(1, (await service.GetAsync("/backups")).Body.GetProperty("backups").GetArrayLength());

        (HttpStatusCode status, JsonElement retention) = await service.GetAsync("/caches/shop/retention");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("not-expired", retention.GetProperty("backups")[0].GetProperty("reason").GetString());
        await RunAsync(service, StateMachines.Purge, "one");

        JsonElement removing = (await service.SendAsync(HttpMethod.Delete, "/caches/shop?finalBackup=last")).Body;
        Assert.Equal("snapshotting", removing.GetProperty("status").GetString());
        await service.WaitForAsync("/caches/shop", "gone");
        JsonElement last = await service.WaitForAsync("/backups/last", "available");
        Assert.Equal("final", last.GetProperty("kind").GetString());

        // The server is the user's own: it was only forgotten. Its automatic backups go with the next purge, the final one stays.
        Assert.Equal("cache-removed", (await service.GetAsync("/caches/shop/retention")).Body.GetProperty("backups")[0].GetProperty("reason").GetString());
        await RunAsync(service, StateMachines.Purge, "two");
        await service.WaitForAsync($"/backups/{name}", "gone");
        await service.RestoreAsync("last", "again");
    }

    [Fact]
    public async Task Where_the_final_backup_fails_the_cache_stays_and_says_why()
    {
        Requires.Program(ServerProcess.ProgramOf(CacheEngine.Redis));
        await using ServerProcess server = await ServerProcess.StartAsync(CacheEngine.Redis);
        await using CacheClient client = await server.ConnectAsync();
        await client.RequireAsync("SET", "key", "value");
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        await service.RegisterAsync("shop", server.Port);
        await client.RequireAsync("ACL", "SETUSER", "default", "-psync", "-sync", "-scan");
        Assert.Equal(HttpStatusCode.Accepted, (await service.SendAsync(HttpMethod.Delete, "/caches/shop?finalBackup=last")).Status);
        JsonElement cache = await service.WaitForAsync("/caches/shop", "available");
        string reason = cache.GetProperty("statusReason").GetString()!;
        Assert.Contains("It was not removed", reason, StringComparison.Ordinal);
        Assert.Contains("CacheAccessDeniedException", reason, StringComparison.Ordinal);

        JsonElement failed = (await service.GetAsync("/backups/last")).Body;
        Assert.Equal(("failed", "final"), (failed.GetProperty("status").GetString(), failed.GetProperty("kind").GetString()));
    }

    private static string At(int minutes) => TimeProvider.System.GetUtcNow().AddMinutes(minutes).ToString("HH:mm", CultureInfo.InvariantCulture);

    private static async Task RunAsync(ServiceUnderTest service, string machine, string name)
    {
        ExecutionId id = service.Host.Parts.Executions.IdOf(machine, name);
        await service.Host.Parts.Executions.StartAsync(id, "{}"u8.ToArray(), default);
        await service.Host.WaitAsync(id, default);
        ExecutionDescription? ended = await service.Host.Parts.Executions.DescribeAsync(id, default);
        Assert.True(ended!.Status == ExecutionStatus.Succeeded, $"{ended.Error}: {ended.Cause}");
    }
}
