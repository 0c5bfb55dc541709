using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Fixtures.Operations;
using Microsoft.Extensions.Time.Testing;

namespace CacheBackup.Core.Tests.Operations;

public sealed class BackupQuotasTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2028, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly MemoryService _service;

    public BackupQuotasTests() => _service = new MemoryService(_time);

    [Theory]
    [InlineData(CacheTopology.Serverless, 1, 24)]
    [InlineData(CacheTopology.ClusterDisabled, 1, 20)]
    [InlineData(CacheTopology.ClusterEnabled, 4, 80)]
    public async Task A_cache_has_its_manual_backups_within_a_rolling_day(CacheTopology topology, int nodes, int quota)
    {
        ServiceParts parts = _service.Parts with { Quotas = BackupQuotas.OfElastiCache };
        await _service.AddCacheAsync("shop");
        Cache cache = await parts.Catalog.Caches.ChangeAsync(
            CacheName.Parse("shop"), c => c with { Topology = topology, Shards = [.. Enumerable.Repeat(c.Shards[0], nodes)] }, default);
        DateTimeOffset first = _time.GetUtcNow();
        for (int i = 0; i < quota; i++)
        {
            await TakeAsync(parts, $"b{i}", BackupKind.Manual);
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        BackupQuotaExceededException refused = await Assert.ThrowsAsync<BackupQuotaExceededException>(() => TakeAsync(parts, "more", BackupKind.Manual));
        Assert.Contains($"{first.AddDays(1):u}", refused.Message, StringComparison.Ordinal);
        await TakeAsync(_service.Parts, "unbounded", BackupKind.Manual);
        await TakeAsync(parts, "copied", BackupKind.Copy);
        _time.SetUtcNow(first.AddDays(1).AddMinutes(2));
        await TakeAsync(parts, "more", BackupKind.Manual);
        Assert.Equal(topology, cache.Topology);
    }

    private static async Task TakeAsync(ServiceParts parts, string name, BackupKind kind)
    {
        Backup backup = await new StartBackup(parts).RunAsync(new StartBackupRequest(BackupName.Parse(name), CacheName.Parse("shop"), kind), default);
        await new AbandonBackup(parts).RunAsync(
            new BackupJob(backup.Execution, backup.Name, backup.Cache, backup.Generation), new FailureCause("Cancelled", "by a test"), default);
    }
}
