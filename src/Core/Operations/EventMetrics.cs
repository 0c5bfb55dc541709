using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>
/// Counts what is told: each metric that counts a kind of event is recorded where the event is, so that none can be told without being
/// counted. An event that is told again by a repeated step is counted again: alarms ask whether there are any.
/// </summary>
public sealed class EventMetrics(IMetrics metrics) : IEventSink
{
    public Task SendAsync(BackupEvent told, CancellationToken cancellationToken)
    {
        if (MetricOf(told.Code) is { } metric)
        {
            metrics.Record(metric, 1);
        }

        return Task.CompletedTask;
    }

    private static Metric? MetricOf(EventCode code) => code switch
    {
        EventCode.BackupAvailable or EventCode.BackupCopied or EventCode.BackupImported => Metric.BackupsTaken,
        EventCode.BackupFailed or EventCode.BackupCopyFailed or EventCode.BackupImportFailed => Metric.BackupsFailed,
        EventCode.BackupMissed => Metric.BackupsMissed,
        EventCode.BackupDamaged => Metric.BackupsDamaged,
        EventCode.RestoreFailed => Metric.RestoresFailed,
        _ => null,
    };
}
