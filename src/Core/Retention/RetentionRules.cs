using CacheBackup.Core.Model;

namespace CacheBackup.Core.Retention;

/// <summary>
/// Which automatic backups of a cache go. Pure: the same records, policy and time give the same decisions.
/// <list type="bullet">
/// <item>Good is an available automatic backup that is not suspiciously small.</item>
/// <item>
/// Suspiciously small is one of less than half the size of its predecessors, by the lower median of up to seven available automatic ones
/// before it. They count whether they were suspicious or not, so that a cache that did shrink is believed after a few days; until then
/// those in doubt stay, and the last good one with them.
/// </item>
/// </list>
/// </summary>
public static class RetentionRules
{
    /// <summary>A backup smaller than its predecessors by this factor is in doubt.</summary>
    public const double SuspiciousShare = 0.5;

    /// <summary>How many predecessors are looked at.</summary>
    public const int Predecessors = 7;

    /// <param name="backups">All backups of one cache, in any order.</param>
    /// <param name="policy">The cache's; null: the cache is gone.</param>
    /// <param name="now">The time.</param>
    /// <param name="clock">Whether that time can be believed.</param>
    /// <returns>One decision for each backup, in the order given.</returns>
    public static IReadOnlyList<RetentionDecision> Decide(
        IReadOnlyList<Backup> backups, RetentionPolicy? policy, DateTimeOffset now, ClockVerdict clock)
    {
        Backup[] taken =
        [
            .. backups.Where(b => b is { Kind: BackupKind.Automatic, Status: BackupStatus.Available })
                .OrderBy(TakenAt).ThenBy(b => b.Name.Value, StringComparer.Ordinal),
        ];
        HashSet<BackupName> suspicious = SuspiciouslySmall(taken);
        int newestGood = Array.FindLastIndex(taken, b => !suspicious.Contains(b.Name));
        HashSet<BackupName> planned = Planned(taken, suspicious, policy?.Keep);

        RetentionReason ReasonFor(Backup backup) => backup switch
        {
            { Kind: not BackupKind.Automatic } => RetentionReason.NotAutomatic,
            { Status: BackupStatus.Creating } => RetentionReason.BeingMade,
            { Status: BackupStatus.Deleting } => RetentionReason.BeingDeleted,
            { Uses.Count: > 0 } => RetentionReason.InUse,
            { LockedUntil: { } until } when now < until => RetentionReason.Locked,
            _ when clock != ClockVerdict.Steady => RetentionReason.ClockInDoubt,
            _ when policy is null => RetentionReason.CacheRemoved,
            { ExpiresAt: null } => RetentionReason.NotDated,
            { ExpiresAt: { } expires } when now < expires => RetentionReason.NotExpired,
            _ when policy.TakesBackups && newestGood >= 0 && backup.Name == taken[newestGood].Name => RetentionReason.NewestGood,
            _ when policy.TakesBackups && Array.FindIndex(taken, b => b.Name == backup.Name) > newestGood => RetentionReason.SuspiciouslySmall,
            _ when planned.Contains(backup.Name) => RetentionReason.Plan,
            _ => RetentionReason.Expired,
        };

        return [.. backups.Select(b => ReasonFor(b)).Zip(backups, (reason, b) => new RetentionDecision(b, !Removes(reason), reason))];
    }

    /// <summary>The moment that a backup belongs to: the start of its window, or when it was begun.</summary>
    public static DateTimeOffset TakenAt(Backup backup) => backup.WindowStart ?? backup.CreatedAt;

    private static bool Removes(RetentionReason reason) => reason is RetentionReason.Expired or RetentionReason.CacheRemoved;

    private static HashSet<BackupName> SuspiciouslySmall(Backup[] taken)
    {
        HashSet<BackupName> suspicious = [];
        for (int i = 1; i < taken.Length; i++)
        {
            long[] sizes = [.. taken[Math.Max(0, i - Predecessors)..i].Select(SizeOf).Order()];
            if (SizeOf(taken[i]) < sizes[(sizes.Length - 1) / 2] * SuspiciousShare)
            {
                suspicious.Add(taken[i].Name);
            }
        }

        return suspicious;
    }

    private static HashSet<BackupName> Planned(Backup[] taken, HashSet<BackupName> suspicious, RetentionPlan? plan)
    {
        HashSet<BackupName> kept = [];
        if (plan is not null)
        {
            Keep(plan.Daily, day => day);
            Keep(plan.Weekly, day => day.AddDays(-(((int)day.DayOfWeek + 6) % 7)));
            Keep(plan.Monthly, day => new DateOnly(day.Year, day.Month, 1));
            Keep(plan.Yearly, day => new DateOnly(day.Year, 1, 1));
        }

        return kept;

        // The newest good one of a period stands for it; where none is good, the newest does.
        void Keep(int periods, Func<DateOnly, DateOnly> periodOf) => kept.UnionWith(taken
            .GroupBy(b => periodOf(DateOnly.FromDateTime(TakenAt(b).UtcDateTime)))
            .OrderByDescending(period => period.Key)
            .Take(periods)
            .Select(period => (period.LastOrDefault(b => !suspicious.Contains(b.Name)) ?? period.Last()).Name));
    }

    private static long SizeOf(Backup backup) => backup.Shards.Sum(shard => shard.SizeBytes);
}
