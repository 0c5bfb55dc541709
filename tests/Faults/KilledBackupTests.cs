using CacheBackup.Core.Model;
using CacheBackup.Faults.Host;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.Faults;

/// <summary>The host is killed in the middle of a backup, and started again.</summary>
[Trait("Category", "Server")]
public sealed class KilledBackupTests(FilledSource source) : IClassFixture<FilledSource>
{
    private const string Name = "second";

    [Theory]
    [InlineData(Effect.OperationTaken, null)]
    [InlineData(Effect.NameReserved, BackupStatus.Failed)]
    [InlineData(Effect.BackupStarted, BackupStatus.Available)]
    [InlineData(Effect.UploadBegun + Effect.First, BackupStatus.Available)]
    [InlineData(Effect.PartStored + Effect.First, BackupStatus.Available)]
    [InlineData(Effect.PartStored + Effect.Second, BackupStatus.Available)]
    [InlineData(Effect.DataCompleted, BackupStatus.Available)]
    [InlineData(Effect.IndexWritten, BackupStatus.Available)]
    [InlineData(Effect.ShardRecordWritten, BackupStatus.Available)]
    [InlineData(Effect.ManifestCopyWritten, BackupStatus.Available)]
    [InlineData(Effect.ManifestPublished, BackupStatus.Available)]
    [InlineData(Effect.CacheGivenBack, BackupStatus.Available)]
    public async Task Backup_cut_off_by_a_kill_is_finished_or_given_up(string effect, BackupStatus? end)
    {
        string data = await source.CopyAsync($"backup-{effect.GetHashCode(StringComparison.Ordinal):x}");
        await KilledHost.RunAsync(data, effect, async client =>
        {
            await client.BackUpAsync(Name, FilledSource.Cache);
            await client.WaitForAsync($"/caches/{FilledSource.Cache}", "available");
        });

        await using SurvivingHost survivor = await SurvivingHost.StartAsync(data);
        await survivor.AssertSoundAsync();
        Backup? backup = await survivor.FindBackupAsync(Name);
        Assert.Equal(end, backup?.Status);
        Assert.Equal(CacheStatus.Available, (await survivor.FindCacheAsync(FilledSource.Cache))!.Status);

        // Another run succeeds: under the same name, if there is no backup of that name; and it has data keys of its own.
        string next = end == BackupStatus.Available ? "third" : Name;
        await survivor.Client.BackUpAsync(next, FilledSource.Cache);
        await survivor.Client.WaitForAsync($"/caches/{FilledSource.Cache}", "available");
        Assert.NotEqual(backup?.Id, (await survivor.FindBackupAsync(next))!.Id);
        await survivor.State.AssertAvailableIsWholeAsync();
    }

    [Theory]
    [InlineData(Effect.BackupAbandoned)]
    [InlineData(Effect.CacheGivenBack)]
    public async Task Giving_up_that_is_cut_off_by_a_kill_is_finished(string effect)
    {
        string data = await source.CopyAsync($"abandon-{effect.GetHashCode(StringComparison.Ordinal):x}");
        await using ServerProcess mute = await ServerProcess.StartAsync(CacheEngine.Redis);
        await using CacheClient server = await mute.ConnectAsync();
        await server.RequireAsync("SET", "key", "value");
        await KilledHost.RunAsync(data, effect, async client =>
        {
            await client.RegisterAsync("mute", mute.Port);
            await server.RequireAsync("ACL", "SETUSER", "default", "-psync", "-sync", "-scan");
            await client.PostAsync("/backups", new { name = Name, cache = "mute" });
            await client.WaitForAsync($"/backups/{Name}", "failed");
        });

        await using SurvivingHost survivor = await SurvivingHost.StartAsync(data);
        await survivor.AssertSoundAsync();
        Backup failed = (await survivor.FindBackupAsync(Name))!;
        Assert.Equal(BackupStatus.Failed, failed.Status);
        Assert.Contains("CacheAccessDeniedException", failed.StatusReason, StringComparison.Ordinal);
        Assert.Equal(CacheStatus.Available, (await survivor.FindCacheAsync("mute"))!.Status);
        await survivor.Client.BackUpAsync(Name, FilledSource.Cache);
        Assert.NotEqual(failed.Id, (await survivor.FindBackupAsync(Name))!.Id);
    }
}
