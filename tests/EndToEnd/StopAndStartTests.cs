using System.Text.Json;
using CacheBackup.Core.Model;
using CacheBackup.Fixtures;
using CacheBackup.Fixtures.Caches;
using CacheBackup.Local.StateMachines;

namespace CacheBackup.EndToEnd;

/// <summary>Hosts that are stopped in order, and hosts that meet another on their data.</summary>
[Trait("Category", "Server")]
public sealed class StopAndStartTests
{
    [Fact]
    public async Task Backup_that_a_stop_interrupted_is_finished_by_the_next_host()
    {
        using TemporaryDirectory data = new();
        await using ServerProcess server = await FailedBackupTests.FilledServerAsync(CacheEngine.Valkey);
        JsonElement begun;
        using (GatedParts gate = new())
        {
            await using ServiceUnderTest first = await ServiceUnderTest.StartAsync(data.Path, decorate: gate.Around);
            await first.RegisterAsync("source", server.Port);
            begun = await first.PostAsync("/backups", new { name = "first", cache = "source" });
            await gate.WaitForPartAsync();
        }

        await using ServiceUnderTest second = await ServiceUnderTest.StartAsync(data.Path);
        JsonElement backup = await second.WaitForAsync("/backups/first", "available");
        Assert.Equal(begun.GetProperty("execution").GetString(), backup.GetProperty("execution").GetString());
        await second.WaitForAsync("/caches/source", "available");
        Assert.Equal(0, await second.Host.Parts.Store.ListUploadsAsync("data/", CancellationToken.None).CountAsync());
        await second.RestoreAsync("first", "copy");
    }

    [Fact]
    public async Task Restored_cache_is_stopped_with_its_host_and_back_with_all_its_data_at_the_next_start()
    {
        using TemporaryDirectory data = new();
        await using ServerProcess server = await FailedBackupTests.FilledServerAsync(CacheEngine.Redis);
        JsonElement backup;
        await using (ServiceUnderTest first = await ServiceUnderTest.StartAsync(data.Path))
        {
            await first.RegisterAsync("source", server.Port);
            backup = await first.BackUpAsync("first", "source");
            await first.RestoreAsync("first", "copy");
        }

        await using ServiceUnderTest second = await ServiceUnderTest.StartAsync(data.Path);
        JsonElement again = await second.BackUpAsync("second", "copy");
        Assert.Equal(backup.GetProperty("keys").GetInt64(), again.GetProperty("keys").GetInt64());
        Assert.Equal(backup.GetProperty("keysWithExpiry").GetInt64(), again.GetProperty("keysWithExpiry").GetInt64());
    }

    [Fact]
    public async Task Second_host_on_the_same_data_is_refused_and_the_first_goes_on()
    {
        await using ServerProcess server = await FailedBackupTests.FilledServerAsync(CacheEngine.Redis);
        await using ServiceUnderTest first = await ServiceUnderTest.StartAsync();
        await first.RegisterAsync("source", server.Port);
        ExecutionsInUseException refused = await Assert.ThrowsAsync<ExecutionsInUseException>(() => ServiceUnderTest.StartAsync(first.Directory));
        Assert.Contains(first.Directory, refused.Message, StringComparison.Ordinal);
        Assert.Contains("Stop that host first", refused.Message, StringComparison.Ordinal);
        await first.BackUpAsync("first", "source");
    }
}
