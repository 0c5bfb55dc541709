using System.Text.Json;
using CacheBackup.Core.Model;
using CacheBackup.Fixtures;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.EndToEnd;

[Trait("Category", "Server")]
public sealed class MainPathTests
{
    [Theory]
    [InlineData(CacheEngine.Redis, "restore")]
    [InlineData(CacheEngine.Redis, "load")]
    [InlineData(CacheEngine.Valkey, "restore")]
    [InlineData(CacheEngine.Valkey, "load")]
    public async Task A_running_cache_is_backed_up_and_restored_into_a_new_one(CacheEngine engine, string fill)
    {
        Requires.Program(ServerProcess.ProgramOf(engine));
        await using ServerProcess source = await ServerProcess.StartAsync(engine);
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        await service.RegisterAsync("source", source.Port);
        JsonElement backup = await service.BackUpAsync("first", "source");
        JsonElement cache = await service.RestoreAsync("first", "copy", fill);
        Assert.Equal(backup.GetProperty("keys").GetInt64(), cache.GetProperty("restoration").GetProperty("outcome").GetProperty("total").GetInt64());
    }

    [Fact]
    public async Task A_restore_is_told_from_its_start_through_its_progress_to_its_end()
    {
        Requires.Program(ServerProcess.ProgramOf(CacheEngine.Redis));
        await using ServerProcess source = await ServerProcess.StartAsync(CacheEngine.Redis);
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        await service.RegisterAsync("source", source.Port);
        await service.BackUpAsync("first", "source");
        JsonElement copy = await service.RestoreAsync("first", "copy");

        // The cache is available before its event is told: the event is never ahead of the truth.
        await service.EndOfAsync(copy.GetProperty("restoration").GetProperty("claimedBy").GetString()!);
        string[] codes =
        [
            .. (await service.GetAsync("/events?cache=copy")).Body.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("code").GetString()!),
        ];
        Assert.Equal("restore-completed", codes[0]);
        Assert.Equal("restore-started", codes[^1]);
        Assert.NotEmpty(codes[1..^1]);
        Assert.All(codes[1..^1], code => Assert.Equal("restore-progress", code));
    }
}
