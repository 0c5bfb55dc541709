using System.Text.Json;
using CacheBackup.Core.Model;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.EndToEnd;

/// <summary>Backups that are proven by a real restore into a server process which is gone afterwards.</summary>
[Trait("Category", "Server")]
public sealed class RestoreTestTests
{
    [Theory]
    [InlineData(CacheEngine.Redis)]
    [InlineData(CacheEngine.Valkey)]
    public async Task Backup_is_proven_and_the_throw_away_cache_is_gone(CacheEngine engine)
    {
        await using ServerProcess server = await FailedBackupTests.FilledServerAsync(engine);
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        JsonElement before = await VerifyTests.BackUpAsync(service, server);
        JsonElement after = await TestAsync(service);
        Assert.Equal(before.GetProperty("keys").GetInt64(), after.GetProperty("proof").GetProperty("restored").GetInt64());
        Assert.Equal(after.GetProperty("proof").GetProperty("at").GetString(), after.GetProperty("provenAt").GetString());
        Assert.Equal(0, after.GetProperty("provenDaysAgo").GetInt32());
        Assert.Equal("available", after.GetProperty("status").GetString());
        await NothingIsLeftAsync(service);
    }

    [Fact]
    public async Task Damage_is_not_proven_and_the_throw_away_cache_is_gone()
    {
        await using ServerProcess server = await FailedBackupTests.FilledServerAsync(CacheEngine.Valkey);
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        await VerifyTests.FlipAsync(service, await VerifyTests.BackUpAsync(service, server), offset: 5_000);
        JsonElement after = await TestAsync(service);
        Assert.False(after.TryGetProperty("provenAt", out _));
        Assert.Contains("BackupDamagedException", after.GetProperty("proofFailure").GetProperty("reason").GetString(), StringComparison.Ordinal);
        await NothingIsLeftAsync(service);
    }

    [Fact]
    public async Task Cancelled_test_leaves_no_cache()
    {
        await using ServerProcess server = await FailedBackupTests.FilledServerAsync(CacheEngine.Valkey);
        GatedTargets? gate = null;
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync(decorate: parts =>
        {
            gate = new GatedTargets(parts.Caches);
            return parts with { Caches = gate };
        });
        await VerifyTests.BackUpAsync(service, server);
        JsonElement testing = await service.PostAsync("/backups/first/restore-test", new { });
        await gate!.Reached.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        Assert.Equal("proving", (await service.GetAsync("/backups/first")).Body.GetProperty("status").GetString());
        string execution = testing.GetProperty("uses")[0].GetProperty("execution").GetString()!;
        await service.PostAsync($"/executions/{Uri.EscapeDataString(execution)}/cancel", new { });
        JsonElement after = await service.WaitForAsync("/backups/first", "available");
        Assert.Contains("Cancelled", after.GetProperty("proofFailure").GetProperty("reason").GetString(), StringComparison.Ordinal);
        await NothingIsLeftAsync(service);
    }

    private static async Task<JsonElement> TestAsync(ServiceUnderTest service)
    {
        JsonElement begun = await service.PostAsync("/backups/first/restore-test", new { });
        string execution = begun.GetProperty("uses")[0].GetProperty("execution").GetString()!;
        await service.Host.WaitAsync(new ExecutionId(execution), CancellationToken.None);
        return (await service.GetAsync("/backups/first")).Body;
    }

    /// <summary>The backup is let go before the cache is removed.</summary>
    private static async Task NothingIsLeftAsync(ServiceUnderTest service)
    {
        string folder = Path.Combine(service.Directory, "caches");
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        while ((await service.GetAsync("/caches")).Body.GetProperty("caches").GetArrayLength() != 1
            || (Directory.Exists(folder) && Directory.GetDirectories(folder).Length > 0))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }

        Assert.Equal("source", (await service.GetAsync("/caches")).Body.GetProperty("caches")[0].GetProperty("name").GetString());
    }
}
