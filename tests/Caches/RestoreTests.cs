using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;

namespace CacheBackup.Caches.Tests;

/// <summary>A restore into real servers, and its comparison.</summary>
[Trait("Category", "Server")]
public sealed class RestoreTests
{
    public static TheoryData<CacheEngine> Engines => [CacheEngine.Redis, CacheEngine.Valkey];

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Restore_brings_back_every_type_with_its_expiry(CacheEngine engine)
    {
        await using RestoredCache cache = await RestoredCache.CreateAsync(engine, server => RespTargetDataSet.FillAsync(server, seed: 7));
        RestoreReport restored = await cache.RestoreAsync();
        CompareReport compared = await cache.CompareAsync();

        Assert.Equal(cache.Snapshot.Content.Summary.Keys, restored.Restored);
        Assert.True(restored.Restored > 10_000);
        Assert.Equal(1, restored.Functions);
        Assert.Equal(0, restored.ExpiredBefore);
        Assert.Equal(cache.Snapshot.Content.SizeBytes, restored.Bytes);
        compared.ThrowIfDifferent();
        Assert.Equal(restored.Restored, compared.Compared);
        Assert.Equal(compared.Compared, compared.Equal);
    }

    [Fact]
    public async Task A_range_that_is_restored_twice_is_as_restored_once()
    {
        await using RestoredCache cache = await RestoredCache.CreateAsync(CacheEngine.Redis, server => RespTargetDataSet.FillAsync(server, seed: 8));
        await cache.RestoreAsync();
        await cache.RestoreAsync();
        (await cache.CompareAsync()).ThrowIfDifferent();
    }
}
