using CacheBackup.Core.Model;
using CacheBackup.Faults.Host;

namespace CacheBackup.Faults;

/// <summary>The host is killed in the middle of a backup's removal, and started again.</summary>
[Trait("Category", "Server")]
public sealed class KilledDeleteTests(FilledSource source) : IClassFixture<FilledSource>
{
    private const string Path = "/backups/" + FilledSource.Backup;

    [Theory]
    [InlineData(Effect.MarkedDeleting, BackupStatus.Deleting)]
    [InlineData(Effect.DeleteStarted, null)]
    [InlineData(Effect.ObjectRemoved + Effect.First, null)]
    [InlineData(Effect.ObjectRemoved + Effect.Second, null)]
    [InlineData(Effect.ObjectRemoved + Effect.LastOfSix, null)]
    [InlineData(Effect.RecordRemoved, null)]
    public async Task Delete_cut_off_by_a_kill_is_finished_or_can_be_repeated(string effect, BackupStatus? end)
    {
        string data = await source.CopyAsync($"delete-{effect.GetHashCode(StringComparison.Ordinal):x}");
        BackupId id = (await BackupIdAsync(data))!.Value;
        await KilledHost.RunAsync(data, effect, client => client.RemoveAsync(Path));

        await using SurvivingHost survivor = await SurvivingHost.StartAsync(data);
        await survivor.AssertSoundAsync();
        Backup? left = await survivor.FindBackupAsync(FilledSource.Backup);
        Assert.Equal(end, left?.Status);
        if (left is not null)
        {
            // Nobody runs what was never started: the record says so, and deleting again finishes it.
            Assert.Contains("Delete it again", left.StatusReason, StringComparison.Ordinal);
            await survivor.Client.RemoveAsync(Path);
        }

        Assert.Equal(0, await survivor.State.CountDataAsync(id));
        await survivor.Client.BackUpAsync(FilledSource.Backup, FilledSource.Cache);
        Assert.NotEqual(id, (await survivor.FindBackupAsync(FilledSource.Backup))!.Id);
        await survivor.State.AssertAvailableIsWholeAsync();
    }

    private static async Task<BackupId?> BackupIdAsync(string data) =>
        (await StoredState.At(data).BackupsAsync()).SingleOrDefault()?.Id;
}
