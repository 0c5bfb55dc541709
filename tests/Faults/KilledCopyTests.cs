using CacheBackup.Core.Model;
using CacheBackup.Faults.Host;
using CacheBackup.Fixtures;

namespace CacheBackup.Faults;

/// <summary>The host is killed in the middle of a copy, and started again.</summary>
[Trait("Category", "Server")]
public sealed class KilledCopyTests(FilledSource source) : IClassFixture<FilledSource>
{
    private const string Name = "second";

    [Theory]
    [InlineData(Effect.NameReserved, BackupStatus.Failed)]
    [InlineData(Effect.UseNoted, BackupStatus.Failed)]
    [InlineData(Effect.CopyStarted, BackupStatus.Available)]
    [InlineData(Effect.IndexWritten, BackupStatus.Available)]
    [InlineData(Effect.PartStored + Effect.Second, BackupStatus.Available)]
    [InlineData(Effect.DataCompleted, BackupStatus.Available)]
    [InlineData(Effect.ShardRecordWritten, BackupStatus.Available)]
    [InlineData(Effect.ManifestCopyWritten, BackupStatus.Available)]
    [InlineData(Effect.ManifestPublished, BackupStatus.Available)]
    [InlineData(Effect.BackupLetGo, BackupStatus.Available)]
    public async Task Copy_cut_off_by_a_kill_is_finished_or_given_up_and_its_source_is_let_go(string effect, BackupStatus end)
    {
        string data = await source.CopyAsync($"copy-{effect.GetHashCode(StringComparison.Ordinal):x}");
        await KilledHost.RunAsync(data, effect, async client =>
        {
            await CopyAsync(client, Name);
            await client.WaitForAsync($"/backups/{FilledSource.Backup}", "available");
        });

        await using SurvivingHost survivor = await SurvivingHost.StartAsync(data);
        await survivor.AssertSoundAsync();
        Backup copy = (await survivor.FindBackupAsync(Name))!;
        Assert.Equal(end, copy.Status);
        string next = end == BackupStatus.Available ? "third" : Name;
        await CopyAsync(survivor.Client, next);
        Assert.NotEqual(copy.Id, (await survivor.FindBackupAsync(next))!.Id);

        // The copies stand for themselves.
        await survivor.Client.RemoveAsync($"/backups/{FilledSource.Backup}");
        await survivor.State.AssertAvailableIsWholeAsync();
        await survivor.State.AssertDataBelongsAsync();
    }

    private static async Task CopyAsync(ServiceClient client, string name)
    {
        await client.PostAsync($"/backups/{FilledSource.Backup}/copy", new { name });
        await client.WaitForAsync($"/backups/{name}", "available");
        await client.WaitForAsync($"/backups/{FilledSource.Backup}", "available");
    }
}
