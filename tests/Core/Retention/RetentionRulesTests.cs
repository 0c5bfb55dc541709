using CacheBackup.Core.Model;
using CacheBackup.Core.Retention;

namespace CacheBackup.Core.Tests.Retention;

/// <summary>Invariant 4, rule by rule; <see cref="RetentionHistoryTests"/> holds it over random lives.</summary>
public sealed class RetentionRulesTests
{
    private static readonly DateTimeOffset Day0 = new(2028, 1, 1, 3, 0, 0, TimeSpan.Zero);
    private static readonly RetentionPolicy Week = new() { RetentionDays = 7 };

    [Fact]
    public void Expired_backups_go_and_the_others_stay()
    {
        Backup[] backups = [.. Days(10)];
        IReadOnlyList<RetentionDecision> decisions = RetentionRules.Decide(backups, Week, Day0.AddDays(9).AddMinutes(3), ClockVerdict.Steady);
        Assert.Equal(backups, decisions.Select(decision => decision.Backup));
        Assert.Equal([0, 1, 2], Gone(decisions, backups));
    }

    [Fact]
    public void Purge_keeps_the_newest_good_automatic_backup()
    {
        Backup[] backups = [.. Days(3)];
        backups[2] = backups[2] with { Status = BackupStatus.Damaged };
        IReadOnlyList<RetentionDecision> decisions = RetentionRules.Decide(backups, Week, Day0.AddYears(1), ClockVerdict.Steady);
        Assert.Equal(
            [RetentionReason.Expired, RetentionReason.NewestGood, RetentionReason.Expired], decisions.Select(decision => decision.Reason));
    }

    [Fact]
    public void With_automatic_backups_off_the_last_ones_go_by_their_date()
    {
        Backup[] backups = [.. Days(3)];
        RetentionPolicy off = new() { RetentionDays = 0 };
        Assert.Equal([0, 1], Gone(RetentionRules.Decide(backups, off, Day0.AddDays(8).AddHours(1), ClockVerdict.Steady), backups));
        Assert.Equal([0, 1, 2], Gone(RetentionRules.Decide(backups, off, Day0.AddDays(9).AddHours(1), ClockVerdict.Steady), backups));
    }

    [Theory]
    [InlineData(BackupKind.Manual)]
    [InlineData(BackupKind.Final)]
    [InlineData(BackupKind.Copy)]
    [InlineData(BackupKind.Imported)]
    public void Only_automatic_backups_are_purged(BackupKind kind)
    {
        Backup[] backups = [.. Days(3).Select(backup => backup with { Kind = kind })];
        foreach (RetentionPolicy? policy in new[] { Week, null })
        {
            IReadOnlyList<RetentionDecision> decisions = RetentionRules.Decide(backups, policy, Day0.AddYears(9), ClockVerdict.Steady);
            Assert.All(decisions, decision => Assert.Equal((true, RetentionReason.NotAutomatic), (decision.Keep, decision.Reason)));
        }
    }

    [Fact]
    public void Automatic_backups_go_with_their_cache_save_those_in_use()
    {
        Backup[] backups = [.. Days(4)];
        backups[1] = backups[1] with { Uses = [new BackupUse(UseKind.Restore, new ExecutionId("x"), Day0)] };
        backups[2] = backups[2] with { Status = BackupStatus.Creating };
        IReadOnlyList<RetentionDecision> decisions = RetentionRules.Decide(backups, policy: null, Day0, ClockVerdict.Steady);
        Assert.Equal(
            [RetentionReason.CacheRemoved, RetentionReason.InUse, RetentionReason.BeingMade, RetentionReason.CacheRemoved],
            decisions.Select(decision => decision.Reason));
    }

    [Theory]
    [InlineData(ClockVerdict.Backwards)]
    [InlineData(ClockVerdict.FarAhead)]
    public void A_clock_in_doubt_removes_nothing(ClockVerdict clock)
    {
        foreach (RetentionPolicy? policy in new[] { Week, null })
        {
            IReadOnlyList<RetentionDecision> decisions = RetentionRules.Decide([.. Days(5)], policy, Day0.AddYears(1), clock);
            Assert.All(decisions, decision => Assert.Equal((true, RetentionReason.ClockInDoubt), (decision.Keep, decision.Reason)));
        }
    }

    [Fact]
    public void A_suspiciously_small_backup_does_not_stand_for_a_good_one()
    {
        Backup[] backups = [.. Days(3), Day(3, sizeBytes: 499)];
        IReadOnlyList<RetentionDecision> decisions = RetentionRules.Decide(backups, Week, Day0.AddYears(1), ClockVerdict.Steady);
        Assert.Equal(
            [RetentionReason.Expired, RetentionReason.Expired, RetentionReason.NewestGood, RetentionReason.SuspiciouslySmall],
            decisions.Select(decision => decision.Reason));

        backups[3] = Day(3, sizeBytes: 500);
        Assert.Equal([0, 1, 2], Gone(RetentionRules.Decide(backups, Week, Day0.AddYears(1), ClockVerdict.Steady), backups));
    }

    [Fact]
    public void A_cache_that_did_shrink_is_believed_after_some_days()
    {
        Backup[] backups = [.. Days(7), .. Enumerable.Range(7, 4).Select(day => Day(day, sizeBytes: 10))];
        Assert.Equal(Enumerable.Range(0, 6), Gone(RetentionRules.Decide(backups, Week, Day0.AddYears(1), ClockVerdict.Steady), backups));
        Backup[] later = [.. backups, Day(11, sizeBytes: 10)];
        Assert.Equal(Enumerable.Range(0, 11), Gone(RetentionRules.Decide(later, Week, Day0.AddYears(1), ClockVerdict.Steady), later));
    }

    [Fact]
    public void A_backup_without_a_date_stays()
    {
        Backup[] backups = [Day(0) with { ExpiresAt = null }, Day(1)];
        RetentionDecision decision = RetentionRules.Decide(backups, Week, Day0.AddYears(1), ClockVerdict.Steady)[0];
        Assert.Equal((true, RetentionReason.NotDated), (decision.Keep, decision.Reason));
    }

    [Fact]
    public void A_longer_plan_keeps_the_newest_of_each_period()
    {
        Backup[] backups = [.. Days(400).Select(backup => backup with { ExpiresAt = backup.CreatedAt.AddDays(1) })];
        RetentionPolicy policy = new() { RetentionDays = 1, Keep = new RetentionPlan { Daily = 3, Weekly = 2, Monthly = 13, Yearly = 5 } };
        DateTimeOffset now = Day0.AddDays(400);
        string[] kept =
        [
            .. RetentionRules.Decide(backups, policy, now, ClockVerdict.Steady)
                .Where(decision => decision.Keep).Select(decision => $"{decision.Backup.WindowStart:yyyy-MM-dd}"),
        ];

        // 2028 is a leap year; day 399 is Saturday, 3 February 2029.
        Assert.Equal(
            [
                "2028-02-29", "2028-03-31", "2028-04-30", "2028-05-31", "2028-06-30", "2028-07-31", "2028-08-31", "2028-09-30",
                "2028-10-31", "2028-11-30", "2028-12-31", "2029-01-28", "2029-01-31", "2029-02-01", "2029-02-02", "2029-02-03",
            ],
            kept);
    }

    [Fact]
    public void A_plan_prefers_a_good_backup_to_a_newer_one_in_doubt()
    {
        Backup[] backups = [.. Days(20), Day(20, sizeBytes: 1), Day(40), Day(41)];
        RetentionPolicy policy = new() { RetentionDays = 1, Keep = new RetentionPlan { Monthly = 2 } };
        string[] kept =
        [
            .. RetentionRules.Decide(backups, policy, Day0.AddYears(1), ClockVerdict.Steady)
                .Where(decision => decision.Keep).Select(decision => $"{decision.Backup.WindowStart:MM-dd}"),
        ];
        Assert.Equal(["01-20", "02-11"], kept);
    }

    [Theory]
    [InlineData(-1, null)]
    [InlineData(36, null)]
    [InlineData(1, -1)]
    [InlineData(1, 367)]
    public void Numbers_outside_their_range_are_refused(int days, int? daily)
    {
        RetentionPolicy policy = new() { RetentionDays = days, Keep = daily is { } d ? new RetentionPlan { Daily = d } : null };
        Assert.Throws<InvalidRequestException>(policy.Validate);
    }

    private static IEnumerable<Backup> Days(int count) => Enumerable.Range(0, count).Select(day => Day(day));

    private static Backup Day(int day, long sizeBytes = 1000) => RetentionSamples.Backup("c", Day0.AddDays(day), sizeBytes: sizeBytes);

    private static IEnumerable<int> Gone(IReadOnlyList<RetentionDecision> decisions, Backup[] backups) =>
        decisions.Where(decision => !decision.Keep).Select(decision => Array.IndexOf(backups, decision.Backup));
}
