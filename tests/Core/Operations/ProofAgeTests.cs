using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Retention;
using CacheBackup.Core.Tests.Retention;
using CacheBackup.Fixtures.Operations;
using Microsoft.Extensions.Time.Testing;

namespace CacheBackup.Core.Tests.Operations;

/// <summary>The number by which an alarm knows that backups are kept which nobody has read for long.</summary>
public sealed class ProofAgeTests
{
    private static readonly DateTimeOffset Day0 = new(2028, 1, 1, 3, 0, 0, TimeSpan.Zero);
    private static readonly ExecutionId Execution = new("x");
    private readonly FakeTimeProvider _time = new(Day0);
    private readonly MemoryService _service;

    public ProofAgeTests() => _service = new MemoryService(_time);

    [Fact]
    public async Task Without_automatic_backups_it_is_zero()
    {
        Assert.Equal(TimeSpan.Zero, await PurgeAsync());
        await AddCacheAsync("off", days: 0);
        await AddAsync(Backup("off"));
        Assert.Equal(TimeSpan.Zero, await PurgeAsync());
    }

    [Fact]
    public async Task Cache_that_never_had_a_proof_waits_since_its_first_backup()
    {
        await AddCacheAsync("shop");
        Backup first = Backup("shop");
        await AddAsync(first);
        await AddAsync(RetentionSamples.Backup("shop", Day0.AddDays(1)));
        await GoToAsync(Day0.AddDays(2));
        Assert.Equal(_time.GetUtcNow() - first.CompletedAt, await PurgeAsync());
    }

    [Fact]
    public async Task Reading_back_and_restore_test_prove_and_the_last_one_counts()
    {
        await AddCacheAsync("shop");
        await AddAsync(Backup("shop") with { Verification = Verification(Day0.AddHours(10)), Proof = Proof(Day0.AddHours(4)) });
        await AddAsync(RetentionSamples.Backup("shop", Day0.AddDays(1)) with { Proof = Proof(Day0.AddHours(7)) });
        await GoToAsync(Day0.AddDays(2));
        Assert.Equal(TimeSpan.FromHours(38), await PurgeAsync());
    }

    [Fact]
    public async Task Reading_back_with_findings_proves_nothing()
    {
        await AddCacheAsync("shop");
        await AddAsync(Backup("shop") with { Verification = Verification(Day0.AddHours(10), findings: 1), Proof = Proof(Day0.AddHours(4)) });
        await GoToAsync(Day0.AddDays(2));
        Assert.Equal(TimeSpan.FromHours(44), await PurgeAsync());
    }

    [Fact]
    public async Task Cache_that_waited_longest_counts()
    {
        foreach ((string name, int hours) in new[] { ("a", 10), ("b", 2), ("c", 20) })
        {
            await AddCacheAsync(name);
            await AddAsync(Backup(name) with { Proof = Proof(Day0.AddHours(hours)) });
        }

        await GoToAsync(Day0.AddDays(1));
        Assert.Equal(TimeSpan.FromHours(22), await PurgeAsync());
    }

    private static Backup Backup(string cache) => RetentionSamples.Backup(cache, Day0);

    private static BackupProof Proof(DateTimeOffset at) => new()
    {
        At = at,
        Execution = Execution,
        Engine = CacheEngine.Valkey,
        EngineVersion = new CacheVersion(8, 0, 1),
        Restored = 1,
        Expired = 0,
    };

    private static BackupVerification Verification(DateTimeOffset at, long findings = 0) =>
        new() { At = at, Execution = Execution, Bytes = 1, FindingCount = findings };

    private async Task<TimeSpan> PurgeAsync()
    {
        _service.Metrics.Clear();
        await new PurgeBackups(_service.Parts).RunAsync(string.Empty, default);
        return TimeSpan.FromSeconds(Assert.Single(_service.Metrics[Metric.OldestProof]));
    }

    private async Task GoToAsync(DateTimeOffset time)
    {
        _time.AdjustTime(time);
        await new PurgeClock(_service.Parts).LookAsync(default);
    }

    private async Task AddCacheAsync(string name, int days = 7)
    {
        Cache cache = await _service.AddCacheAsync(name);
        await _service.Parts.Catalog.Caches.ChangeAsync(
            cache.Name,
            c => c with { AutomaticBackups = AutomaticBackups.Of(c.Name, new RetentionPolicy { RetentionDays = days }, null, _time.GetUtcNow()) },
            default);
    }

    private async Task AddAsync(Backup backup) => Assert.True(await _service.Parts.Catalog.Backups.TryCreateAsync(backup.Name, backup, default));
}
