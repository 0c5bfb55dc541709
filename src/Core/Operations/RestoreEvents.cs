using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>What is told of restores into new caches.</summary>
internal static class RestoreEvents
{
    public static Task StartedAsync(ServiceParts parts, RestoreJob job, DateTimeOffset at, CancellationToken cancellationToken) => TellAsync(
        parts, EventCode.RestoreStarted, at, job, $"Backup {job.Backup} is being restored into the new cache {job.Cache}.", string.Empty, cancellationToken);

    /// <param name="record">How far the lane has come: what tells one progress from another.</param>
    /// <param name="planned">How many parts the lane has.</param>
    public static Task ProgressAsync(
        ServiceParts parts, RestoreJob job, int lane, RestoreLaneRecord record, int planned, CancellationToken cancellationToken) => TellAsync(
            parts,
            EventCode.RestoreProgress,
            parts.Time.GetUtcNow(),
            job,
            $"{record.Compared} of {planned} part(s) of lane {lane + 1} of backup {job.Backup} are in cache {job.Cache}: "
            + $"{record.Report?.Compared ?? 0:N0} key(s) restored and compared.",
            $"lane {lane} to {record.Compared}",
            cancellationToken);

    public static Task CompletedAsync(ServiceParts parts, RestoreJob job, RestoreOutcome outcome, CancellationToken cancellationToken) => TellAsync(
        parts,
        EventCode.RestoreCompleted,
        outcome.CompletedAt,
        job,
        outcome.NotCompared is { } why
            ? $"Cache {job.Cache} is available: ElastiCache loaded backup {job.Backup}; not compared. {why}"
            : $"Cache {job.Cache} is available: {outcome.Restored:N0} key(s) of backup {job.Backup} restored and compared, {outcome.Expired:N0} expired"
                + (outcome.Refused is { } refused ? $", {refused:N0} left out that the cache cannot hold" : string.Empty)
                + (outcome.Lost is { } lost ? $", {lost:N0} lost in damaged parts." : "."),
        string.Empty,
        cancellationToken);

    public static Task FailedAsync(ServiceParts parts, RestoreJob job, FailureCause failure, CancellationToken cancellationToken) => TellAsync(
        parts,
        EventCode.RestoreFailed,
        parts.Time.GetUtcNow(),
        job,
        $"Backup {job.Backup} could not be restored into cache {job.Cache}: {failure.ToReason()}",
        string.Empty,
        cancellationToken);

    private static Task TellAsync(
        ServiceParts parts, EventCode code, DateTimeOffset at, RestoreJob job, string message, string part, CancellationToken cancellationToken) =>
        parts.Events.PublishAsync(BackupEvent.Of(code, at, message, job.Cache, job.Backup, job.Execution, part), cancellationToken);
}
