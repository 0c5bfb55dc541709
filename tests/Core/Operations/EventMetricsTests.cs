using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Fixtures.Operations;
using Microsoft.Extensions.Time.Testing;

namespace CacheBackup.Core.Tests.Operations;

public sealed class EventMetricsTests
{
    private static readonly Dictionary<EventCode, Metric> Counted = new()
    {
        [EventCode.BackupAvailable] = Metric.BackupsTaken,
        [EventCode.BackupCopied] = Metric.BackupsTaken,
        [EventCode.BackupImported] = Metric.BackupsTaken,
        [EventCode.BackupFailed] = Metric.BackupsFailed,
        [EventCode.BackupCopyFailed] = Metric.BackupsFailed,
        [EventCode.BackupImportFailed] = Metric.BackupsFailed,
        [EventCode.BackupMissed] = Metric.BackupsMissed,
        [EventCode.BackupDamaged] = Metric.BackupsDamaged,
        [EventCode.RestoreFailed] = Metric.RestoresFailed,
    };

    [Fact]
    public async Task Each_event_counts_where_it_should_and_nowhere_else()
    {
        foreach (EventCode code in Enum.GetValues<EventCode>())
        {
            MemoryMetrics metrics = new();
            await new EventMetrics(metrics).SendAsync(BackupEvent.Of(code, DateTimeOffset.UnixEpoch, "x", null, null, null), default);
            Metric[] counted = [.. Metric.All.Where(metric => metrics[metric].Count > 0)];
            Assert.Equal(Counted.TryGetValue(code, out Metric? metric) ? [metric] : [], counted);
            Assert.All(counted, one => Assert.Equal([1.0], metrics[one]));
        }
    }

    [Fact]
    public async Task Operations_count_by_what_they_tell()
    {
        MemoryService service = new(new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        await service.AddCacheAsync("source");
        Backup backup = await new StartBackup(service.Parts).RunAsync(
            new StartBackupRequest(BackupName.Parse("one"), CacheName.Parse("source"), BackupKind.Manual), default);
        BackupJob job = new(backup.Execution, backup.Name, backup.Cache, backup.Generation);
        await new AbandonBackup(service.Parts).RunAsync(job, new FailureCause("CacheUnreachableException", "No connection."), default);
        Assert.Equal([1.0], service.Metrics[Metric.BackupsFailed]);
        Assert.Empty(service.Metrics[Metric.BackupsTaken]);
    }
}
