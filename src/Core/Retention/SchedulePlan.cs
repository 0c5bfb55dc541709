using CacheBackup.Core.Model;

namespace CacheBackup.Core.Retention;

/// <summary>What the schedule does next for a cache. Pure: the records and the time decide.</summary>
public static class SchedulePlan
{
    /// <param name="cache">The cache.</param>
    /// <param name="backup">The backup of the window that its schedule stands at, by the window's name; null: there is none.</param>
    /// <param name="now">The time.</param>
    public static ScheduleStep StepFor(Cache cache, Backup? backup, DateTimeOffset now)
    {
        if (cache.AutomaticBackups is not { NextWindow: { } window } settings || now < window)
        {
            return ScheduleStep.Wait;
        }

        // What was complete once has served the window, also where it was damaged or deleted since.
        return backup switch
        {
            { CompletedAt: not null } => ScheduleStep.Served,
            { Status: BackupStatus.Creating } => ScheduleStep.Wait,
            _ when now >= window + settings.Window.Length => CouldBeBackedUp(cache) ? ScheduleStep.Missed : ScheduleStep.Skip,
            { Status: BackupStatus.Deleting } => ScheduleStep.Wait,
            _ => cache is { Status: CacheStatus.Available, Operation: null } ? ScheduleStep.Start : ScheduleStep.Wait,
        };
    }

    private static bool CouldBeBackedUp(Cache cache) => cache.Status is CacheStatus.Available or CacheStatus.Snapshotting;
}
