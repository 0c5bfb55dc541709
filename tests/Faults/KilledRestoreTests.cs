using CacheBackup.Core.Model;
using CacheBackup.Faults.Host;

namespace CacheBackup.Faults;

/// <summary>The host is killed in the middle of a restore, and started again.</summary>
[Trait("Category", "Server")]
public sealed class KilledRestoreTests(FilledSource source) : IClassFixture<FilledSource>
{
    private const string Name = "copy";

    [Theory]
    [InlineData(Effect.CacheNameReserved, "restore", CacheStatus.CreateFailed)]
    [InlineData(Effect.UseNoted, "restore", CacheStatus.CreateFailed)]
    [InlineData(Effect.RestoreStarted, "restore", CacheStatus.Available)]
    [InlineData(Effect.WorkDealt, "restore", CacheStatus.Available)]
    [InlineData(Effect.ServerProvisioned, "restore", CacheStatus.Available)]
    [InlineData(Effect.AddressWritten, "restore", CacheStatus.Available)]
    [InlineData(Effect.TargetClaimed, "restore", CacheStatus.Available)]
    [InlineData(Effect.FunctionLoaded, "restore", CacheStatus.Available)]
    [InlineData(Effect.EntrySent + Effect.First, "restore", CacheStatus.Available)]
    [InlineData(Effect.BatchFlushed + Effect.First, "restore", CacheStatus.Available)]
    [InlineData(Effect.LaneAdvanced + Effect.First, "restore", CacheStatus.Available)]
    [InlineData(Effect.LaneAdvanced + Effect.Second, "restore", CacheStatus.Available)]
    [InlineData(Effect.CacheMadeAvailable, "restore", CacheStatus.Available)]
    [InlineData(Effect.BackupLetGo, "restore", CacheStatus.Available)]
    [InlineData(Effect.ServerProvisioned, "load", CacheStatus.Available)]
    [InlineData(Effect.LaneAdvanced + Effect.First, "load", CacheStatus.Available)]
    public async Task Restore_cut_off_by_a_kill_is_finished_or_given_up(string effect, string fill, CacheStatus end)
    {
        string data = await source.CopyAsync($"restore-{effect.GetHashCode(StringComparison.Ordinal):x}-{fill}");
        await KilledHost.RunAsync(data, effect, async client =>
        {
            await client.RestoreAsync(FilledSource.Backup, Name, fill);
            await client.WaitForAsync($"/backups/{FilledSource.Backup}", "available");
        });

        await using SurvivingHost survivor = await SurvivingHost.StartAsync(data);
        await survivor.AssertSoundAsync();
        Cache cache = (await survivor.FindCacheAsync(Name))!;
        Assert.Equal(end, cache.Status);
        if (end == CacheStatus.Available)
        {
            await AssertSameAsync(cache);
        }

        // Another run succeeds under the same name, once the cache has been removed.
        await survivor.Client.RemoveAsync($"/caches/{Name}");
        await survivor.Client.RestoreAsync(FilledSource.Backup, Name, fill);
        await AssertSameAsync((await survivor.FindCacheAsync(Name))!);
    }

    [Theory]
    [InlineData(Effect.RestoreGivenUp)]
    [InlineData(Effect.BackupLetGo)]
    public async Task Giving_up_that_is_cut_off_by_a_kill_is_finished(string effect)
    {
        string data = await source.CopyAsync($"abandon-{effect.GetHashCode(StringComparison.Ordinal):x}");
        await KilledHost.RunAsync(data, effect, async client =>
        {
            await client.PostAsync($"/backups/{FilledSource.Backup}/restore", new { cache = Name, engine = "redis" });
            await client.WaitForAsync($"/caches/{Name}", "create-failed");
        });

        await using SurvivingHost survivor = await SurvivingHost.StartAsync(data);
        await survivor.AssertSoundAsync();
        Cache cache = (await survivor.FindCacheAsync(Name))!;
        Assert.Equal(CacheStatus.CreateFailed, cache.Status);
        Assert.Contains("BackupNotRestorableException", cache.StatusReason, StringComparison.Ordinal);
        await survivor.Client.RemoveAsync($"/backups/{FilledSource.Backup}");
    }

    private async Task AssertSameAsync(Cache cache)
    {
        CacheAddress address = cache.Shards[0].Address;
        string passwordFile = address.Password!.Value.Value["file:".Length..];
        await source.AssertSameAsync(address.Endpoint, (await File.ReadAllTextAsync(passwordFile)).Trim());
    }
}
