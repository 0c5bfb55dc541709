using CacheBackup.Core.Model;
using CacheBackup.Core.Retention;

namespace CacheBackup.Core.Tests.Retention;

/// <summary>
/// Invariant 4 over random lives of a cache: backups that succeed, fail, shrink, are damaged or in use; policies that change; clocks that
/// jump. The rules are written down here once more, each by itself and in another way than the code decides.
/// </summary>
public sealed class RetentionHistoryTests
{
    private const int Histories = 100_000;
    private static readonly DateTimeOffset Start = new(2027, 11, 3, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_hundred_thousand_random_histories_keep_the_rules()
    {
        int removed = 0;
        int keptLast = 0;
        for (int seed = 0; seed < Histories; seed++)
        {
            History history = new(new Random(seed));
            try
            {
                history.Live(out int gone, out int last);
                removed += gone;
                keptLast += last;
            }
            catch (Xunit.Sdk.XunitException e)
            {
                Assert.Fail($"History {seed}: {e.Message}");
            }
        }

        // The histories are no idle ones: much goes, and the last good one is often all that is left.
        Assert.True(removed > Histories * 3, $"{removed} removed");
        Assert.True(keptLast > Histories / 10, $"{keptLast} kept as the last good one");
    }

    private sealed class History(Random random)
    {
        private readonly List<Backup> _backups = [];
        private RetentionPolicy _policy = RandomPolicy(random);
        private DateTimeOffset _now = Start;
        private ClockMark? _mark;
        private int _number;

        public void Live(out int removed, out int keptLast)
        {
            removed = 0;
            keptLast = 0;
            int days = random.Next(4, 16);
            for (int day = 0; day < days; day++)
            {
                _now = Start.AddDays(day).AddMinutes(random.Next(-5, 6));
                Happen();
                bool cacheGone = random.Next(60) == 0;
                DateTimeOffset read = random.Next(12) switch
                {
                    0 => _now.AddDays(-random.Next(1, 1000)),
                    1 => _now.AddDays(random.Next(20, 1000)),
                    _ => _now,
                };
                ClockReading clock = ClockMark.Read(_mark, null, read);
                _mark = clock.Mark;
                IReadOnlyList<RetentionDecision> decisions =
                    RetentionRules.Decide([.. _backups], cacheGone ? null : _policy, read, clock.Verdict);
                Check(decisions, cacheGone, read, clock.Verdict);
                removed += decisions.Count(decision => !decision.Keep);
                keptLast += decisions.Count(decision => decision.Reason == RetentionReason.NewestGood);
                _backups.RemoveAll(backup => decisions.Any(decision => !decision.Keep && decision.Backup.Name == backup.Name));
            }
        }

        private void Happen()
        {
            if (random.Next(10) == 0)
            {
                _policy = RandomPolicy(random);
            }

            for (int i = 0; i < _backups.Count; i++)
            {
                Backup backup = _backups[i];
                _backups[i] = random.Next(30) switch
                {
                    0 when backup.Status == BackupStatus.Available => backup with { Status = BackupStatus.Damaged },
                    1 => backup with { Uses = [new BackupUse(UseKind.Restore, new ExecutionId("x"), _now)] },
                    2 => backup with { Uses = [] },
                    3 when backup.Status is BackupStatus.Damaged or BackupStatus.Failed => backup with { Status = BackupStatus.Deleting },
                    _ => backup,
                };
            }

            BackupStatus status = random.Next(8) switch { 0 => BackupStatus.Failed, 1 => BackupStatus.Creating, _ => BackupStatus.Available };
            long size = random.Next(6) == 0 ? random.Next(1, 400) : random.Next(800, 1200);
            if (_policy.TakesBackups && random.Next(10) > 0)
            {
                _backups.Add(RetentionSamples.Backup("c", _now.AddSeconds(_number++), status, size, _policy.RetentionDays));
            }

            if (random.Next(6) == 0)
            {
                BackupKind kind = (BackupKind)random.Next(1, 5);
                Backup other = RetentionSamples.Backup("c", _now.AddMinutes(random.Next(1, 600)), BackupStatus.Available, size, days: 1);
                _backups.Add(other with { Name = BackupName.Parse($"m{_number++}"), Kind = kind });
            }
        }

        private void Check(IReadOnlyList<RetentionDecision> decisions, bool cacheGone, DateTimeOffset now, ClockVerdict clock)
        {
            Assert.Equal(_backups.Count, decisions.Count);
            List<Backup> gone = [.. decisions.Where(decision => !decision.Keep).Select(decision => decision.Backup)];
            Assert.All(gone, backup => Assert.Equal(BackupKind.Automatic, backup.Kind));
            Assert.All(gone, backup => Assert.Empty(backup.Uses));
            Assert.All(gone, backup => Assert.False(backup.Status is BackupStatus.Creating or BackupStatus.Deleting));
            if (clock != ClockVerdict.Steady)
            {
                Assert.Empty(gone);
                return;
            }

            if (cacheGone)
            {
                Assert.Equal(_backups.Count(IsRemovable), gone.Count);
                return;
            }

            Assert.All(gone, backup => Assert.True(backup.ExpiresAt <= now, "went before its date"));
            List<Backup> good = Good();
            if (_policy.RetentionDays > 0 && good.Count > 0)
            {
                Assert.DoesNotContain(good[^1], gone);
            }

            Assert.All(Planned(good), backup => Assert.DoesNotContain(backup, gone));
            MustGo(good, gone, now);
        }

        /// <summary>Nothing is kept without a reason either.</summary>
        private void MustGo(List<Backup> good, List<Backup> gone, DateTimeOffset now)
        {
            HashSet<Backup> planned = [.. Planned(good), .. Planned(Available())];
            foreach (Backup backup in _backups.Where(backup => IsRemovable(backup) && backup.ExpiresAt <= now && !planned.Contains(backup)))
            {
                bool isLast = _policy.RetentionDays > 0 && good.Count > 0 && backup.Status == BackupStatus.Available
                    && backup.WindowStart >= good[^1].WindowStart;
                Assert.Equal(!isLast, gone.Contains(backup));
            }
        }

        private static bool IsRemovable(Backup backup) =>
            backup.Kind == BackupKind.Automatic && backup.Uses.Count == 0 && backup.Status is not (BackupStatus.Creating or BackupStatus.Deleting);

        private List<Backup> Available() =>
            [.. _backups.Where(backup => backup.Kind == BackupKind.Automatic && backup.Status == BackupStatus.Available).OrderBy(backup => backup.WindowStart)];

        /// <summary>Good by the definition: not less than half of what at least half of its predecessors have.</summary>
        private List<Backup> Good()
        {
            List<Backup> all = Available();
            List<Backup> good = [];
            for (int i = 0; i < all.Count; i++)
            {
                List<Backup> before = all.GetRange(Math.Max(0, i - 7), Math.Min(i, 7));
                long size = all[i].Shards[0].SizeBytes;
                int smallEnough = before.Count(predecessor => predecessor.Shards[0].SizeBytes <= size * 2);
                if (before.Count == 0 || smallEnough * 2 >= before.Count)
                {
                    good.Add(all[i]);
                }
            }

            return good;
        }

        /// <summary>The last good one of each of the newest periods, as far as they all have a good one.</summary>
        private IEnumerable<Backup> Planned(List<Backup> from)
        {
            List<Backup> all = Available();
            foreach ((int count, Func<DateTime, string> period) in new (int, Func<DateTime, string>)[]
            {
                (_policy.Keep?.Daily ?? 0, day => $"{day:yyyyMMdd}"),
                (_policy.Keep?.Weekly ?? 0, day => $"{System.Globalization.ISOWeek.GetYear(day)}-{System.Globalization.ISOWeek.GetWeekOfYear(day)}"),
                (_policy.Keep?.Monthly ?? 0, day => $"{day:yyyyMM}"),
                (_policy.Keep?.Yearly ?? 0, day => $"{day:yyyy}"),
            })
            {
                string[] newest = [.. all.Select(backup => period(backup.WindowStart!.Value.UtcDateTime)).Reverse().Distinct().Take(count)];
                foreach (string one in newest)
                {
                    if (from.LastOrDefault(backup => period(backup.WindowStart!.Value.UtcDateTime) == one) is { } last)
                    {
                        yield return last;
                    }
                }
            }
        }

        private static RetentionPolicy RandomPolicy(Random random) => new()
        {
            RetentionDays = random.Next(5),
            Keep = random.Next(3) == 0
                ? new RetentionPlan { Daily = random.Next(4), Weekly = random.Next(3), Monthly = random.Next(3), Yearly = random.Next(2) }
                : null,
        };
    }
}
