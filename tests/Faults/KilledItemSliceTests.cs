using System.Globalization;
using System.Text;
using CacheBackup.Core.Model;
using CacheBackup.Core.Snapshots;
using CacheBackup.Core.Storage;
using CacheBackup.Faults.Host;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.Faults;

/// <summary>The host is killed in the middle of a dump of Memcached's items that is cut into slices, and started again.</summary>
[Trait("Category", "Server")]
public sealed class KilledItemSliceTests(FilledSource source) : IClassFixture<FilledSource>
{
    private const string Name = "second";
    private const int Items = 5_000;
    private static readonly SliceLimit Slices = new() { Keys = 1_200 };

    /// <summary>The first slice's first object is the list of keys.</summary>
    [Theory]
    [InlineData(Effect.SliceWritten + Effect.First)]
    [InlineData(Effect.SliceWritten + Effect.Second)]
    [InlineData(Effect.CheckpointWritten + Effect.First)]
    [InlineData(Effect.CheckpointWritten + Effect.Second)]
    [InlineData(Effect.SliceWritten + Effect.Third)]
    [InlineData(Effect.CheckpointWritten + Effect.Third)]
    [InlineData(Effect.DataCompleted)]
    [InlineData(Effect.ShardRecordWritten)]
    public async Task Slices_that_are_cut_off_by_a_kill_are_gone_on_with(string effect)
    {
        await using MemcachedProcess server = await FilledAsync();
        string data = await source.CopyAsync($"items-{effect.GetHashCode(StringComparison.Ordinal):x}");
        await KillAsync(server, data, effect);
        await using SurvivingHost survivor = await SurvivingHost.StartAsync(data, Slices);
        await survivor.AssertSoundAsync();
        Backup backup = (await survivor.FindBackupAsync(Name))!;
        Assert.Equal(BackupStatus.Available, backup.Status);
        ScanReport report = backup.Shards.Single().Scan!;
        Assert.Equal((Items, Items, 5), (backup.Shards.Single().Keys, report.Listed, report.Slices));
        await AssertNoSliceAsync(data, backup);
    }

    /// <summary>The next call has time enough, and needs no list: what the first left would be nobody's.</summary>
    [Theory]
    [InlineData(Effect.SliceWritten + Effect.First)]
    [InlineData(Effect.SliceWritten + Effect.Second)]
    public async Task What_a_killed_call_left_goes_also_where_the_next_one_takes_everything(string effect)
    {
        await using MemcachedProcess server = await FilledAsync();
        string data = await source.CopyAsync($"items-{effect.GetHashCode(StringComparison.Ordinal):x}-whole");
        await KillAsync(server, data, effect);
        await using SurvivingHost survivor = await SurvivingHost.StartAsync(data);
        await survivor.AssertSoundAsync();
        Backup backup = (await survivor.FindBackupAsync(Name))!;
        Assert.Equal((BackupStatus.Available, Items), (backup.Status, backup.Shards.Single().Keys));
        Assert.Null(backup.Shards.Single().Scan!.Slices);
        await AssertNoSliceAsync(data, backup);
    }

    private static async Task KillAsync(MemcachedProcess server, string data, string effect) => await KilledHost.RunAsync(
        data,
        effect,
        async client =>
        {
            await client.PostAsync("/caches", new { name = "sessions", engine = "memcached", host = "127.0.0.1", port = server.Port });
            await client.WaitForAsync("/caches/sessions", "available");
            await client.BackUpAsync(Name, "sessions");
            await client.WaitForAsync("/caches/sessions", "available");
        },
        Slices.Keys!.Value.ToString(CultureInfo.InvariantCulture));

    private static async Task AssertNoSliceAsync(string data, Backup backup)
    {
        DirectoryObjectStore store = DirectoryObjectStore.Open(Path.Combine(data, "store"), TimeProvider.System);
        await foreach (ObjectSummary left in store.ListAsync($"data/{backup.Id}/", null, default))
        {
            Assert.DoesNotContain("/slices/", left.Key.Value, StringComparison.Ordinal);
        }
    }

    private static async Task<MemcachedProcess> FilledAsync()
    {
        MemcachedProcess server = await MemcachedProcess.StartAsync();
        using MemcachedClient client = await server.ConnectAsync();
        for (int i = 0; i < Items; i++)
        {
            byte[] key = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"key:{i}"));
            await client.SetAsync(key, key);
        }

        return server;
    }
}
