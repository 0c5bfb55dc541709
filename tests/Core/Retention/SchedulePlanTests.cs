using CacheBackup.Core.Model;
using CacheBackup.Core.Retention;

namespace CacheBackup.Core.Tests.Retention;

public sealed class SchedulePlanTests
{
    private static readonly DateTimeOffset Window = new(2028, 2, 28, 23, 30, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(-1, CacheStatus.Available, null, ScheduleStep.Wait)]
    [InlineData(0, CacheStatus.Available, null, ScheduleStep.Start)]
    [InlineData(59, CacheStatus.Available, null, ScheduleStep.Start)]
    [InlineData(60, CacheStatus.Available, null, ScheduleStep.Missed)]
    [InlineData(60, CacheStatus.Snapshotting, null, ScheduleStep.Missed)]
    [InlineData(60, CacheStatus.Creating, null, ScheduleStep.Skip)]
    [InlineData(60, CacheStatus.RestoreFailed, null, ScheduleStep.Skip)]
    [InlineData(0, CacheStatus.Snapshotting, null, ScheduleStep.Wait)]
    [InlineData(0, CacheStatus.Creating, null, ScheduleStep.Wait)]
    [InlineData(5, CacheStatus.Available, BackupStatus.Failed, ScheduleStep.Start)]
    [InlineData(60, CacheStatus.Available, BackupStatus.Failed, ScheduleStep.Missed)]
    [InlineData(5, CacheStatus.Snapshotting, BackupStatus.Creating, ScheduleStep.Wait)]
    [InlineData(600, CacheStatus.Snapshotting, BackupStatus.Creating, ScheduleStep.Wait)]
    [InlineData(5, CacheStatus.Available, BackupStatus.Available, ScheduleStep.Served)]
    [InlineData(600, CacheStatus.Available, BackupStatus.Damaged, ScheduleStep.Served)]
    [InlineData(5, CacheStatus.Available, BackupStatus.Deleting, ScheduleStep.Wait)]
    public void Records_and_time_decide(int minutes, CacheStatus status, BackupStatus? backup, ScheduleStep expected) =>
        Assert.Equal(expected, SchedulePlan.StepFor(CacheOf(status), backup is { } b ? RetentionSamples.Backup("c", Window, b) : null, Window.AddMinutes(minutes)));

    [Fact]
    public void A_cache_without_automatic_backups_is_never_due()
    {
        Cache cache = CacheOf(CacheStatus.Available);
        Assert.Equal(ScheduleStep.Wait, SchedulePlan.StepFor(cache with { AutomaticBackups = null }, null, Window));
        AutomaticBackups off = AutomaticBackups.Of(cache.Name, new RetentionPolicy { RetentionDays = 0 }, null, Window);
        Assert.Null(off.NextWindow);
        Assert.Equal(ScheduleStep.Wait, SchedulePlan.StepFor(cache with { AutomaticBackups = off }, null, Window.AddYears(1)));
    }

    private static Cache CacheOf(CacheStatus status) => new()
    {
        Name = CacheName.Parse("c"),
        Status = status,
        CreatedAt = Window.AddDays(-1),
        AutomaticBackups = new AutomaticBackups { RetentionDays = 1, Window = BackupWindow.Parse("23:30-00:30"), NextWindow = Window },
    };
}
