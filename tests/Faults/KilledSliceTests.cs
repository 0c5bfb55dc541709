using System.Globalization;
using CacheBackup.Core.Model;
using CacheBackup.Core.Snapshots;
using CacheBackup.Core.Storage;
using CacheBackup.Faults.Host;

namespace CacheBackup.Faults;

/// <summary>The host is killed in the middle of a scan that is cut into slices, and started again.</summary>
[Trait("Category", "Server")]
public sealed class KilledSliceTests(FilledSource source) : IClassFixture<FilledSource>
{
    private const string Name = "second";
    private static readonly SliceLimit Slices = new() { Keys = 1_500 };

    [Theory]
    [InlineData(Effect.UploadBegun + Effect.First)]
    [InlineData(Effect.SliceWritten + Effect.First)]
    [InlineData(Effect.CheckpointWritten + Effect.First)]
    [InlineData(Effect.CheckpointWritten + Effect.Second)]
    [InlineData(Effect.SliceWritten + Effect.Second)]
    [InlineData(Effect.CheckpointWritten + Effect.Third)]
    [InlineData(Effect.PartStored + Effect.First)]
    [InlineData(Effect.DataCompleted)]
    [InlineData(Effect.IndexWritten)]
    [InlineData(Effect.ShardRecordWritten)]
    [InlineData(Effect.ManifestPublished)]
    public async Task Slices_that_are_cut_off_by_a_kill_are_gone_on_with(string effect)
    {
        string data = await source.CopyAsync($"slices-{effect.GetHashCode(StringComparison.Ordinal):x}");
        string keys = Slices.Keys!.Value.ToString(CultureInfo.InvariantCulture);
        await KilledHost.RunAsync(
            data,
            effect,
            async client =>
            {
                await client.PostAsync("/caches", new { name = "scanned", host = "127.0.0.1", port = source.Server.Port, method = "scan" });
                await client.WaitForAsync("/caches/scanned", "available");
                await client.BackUpAsync(Name, "scanned");
                await client.WaitForAsync("/caches/scanned", "available");
            },
            keys);

        await using SurvivingHost survivor = await SurvivingHost.StartAsync(data, Slices);
        await survivor.AssertSoundAsync();
        Backup backup = (await survivor.FindBackupAsync(Name))!;
        Assert.Equal(BackupStatus.Available, backup.Status);
        ShardManifest shard = backup.Shards.Single();
        Assert.InRange(shard.Scan!.Slices!.Value, 3, 20);
        Assert.Null(shard.Sha256);

        // The same keys as by replication, and nothing left beside them.
        Assert.Equal((await survivor.FindBackupAsync(FilledSource.Backup))!.Shards.Single().KeysByType, shard.KeysByType);
        DirectoryObjectStore store = DirectoryObjectStore.Open(Path.Combine(data, "store"), TimeProvider.System);
        await foreach (ObjectSummary left in store.ListAsync($"data/{backup.Id}/", null, default))
        {
            Assert.DoesNotContain("/slices/", left.Key.Value, StringComparison.Ordinal);
        }
    }
}
