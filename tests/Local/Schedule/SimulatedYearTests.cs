using System.Globalization;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Retention;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Local.Tests.Schedule;

/// <summary>
/// 400 days through the machines' files, the runner and the real functions on a turned clock: windows over midnight and at midnight, a
/// leap day, a clock that is set by up to 5 minutes to and fro, ticks that are missed and that come twice, hosts that are stopped while
/// they work, attempts that fail. Holds invariants 3, 4 and 7. From the beginning of a window to its end the ticks come every 5 minutes, as
/// they do for real; in between, where they find nothing due, every 6 hours.
/// </summary>
public sealed class SimulatedYearTests
{
    private const int Days = 400;
    private static readonly DateTimeOffset Start = new(2027, 9, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Life[] Lives =
    [
        new("midnight", "23:30-00:30", new RetentionPolicy { RetentionDays = 7 }),
        new("early", "00:00-01:00", new RetentionPolicy { RetentionDays = 35 }),
        new("unset", null, new RetentionPolicy { RetentionDays = 1, Keep = new RetentionPlan { Monthly = 12 } }),
    ];

    [Fact]
    public async Task Four_hundred_days_give_one_backup_a_day_and_keep_the_right_ones()
    {
        await using SimulatedService service = new(Start);
        await service.StartAsync();
        foreach (Life life in Lives)
        {
            await service.AddCacheAsync(life.Cache.Value, life.Policy, life.Window);
        }

        Year year = new(service, new Random(20280229));
        for (int day = 0; day < Days; day++)
        {
            await year.LiveDayAsync(Start.AddDays(day));
        }

        Assert.Equal(Days * Lives.Length, year.Windows);
        Assert.True(year.Missed.Count >= 5, $"{year.Missed.Count} windows were made to be missed");
        Assert.True(year.FailedAttempts >= 20, $"{year.FailedAttempts} attempts were made to fail");
        Assert.True(year.Restarts >= 20, $"{year.Restarts} restarts");

        // No cache was read more often than for its one backup a day and the attempts that failed: nothing was taken twice.
        Assert.Equal(year.Windows - year.Missed.Count, year.Completed);
        Assert.InRange(service.Caches.Opened, year.Completed + year.FailedAttempts, year.Completed + year.FailedAttempts + (year.Restarts * Lives.Length));
        await year.CheckNothingIsLeftOverAsync();
    }

    private sealed record Life(string Name, string? Window, RetentionPolicy Policy)
    {
        public CacheName Cache { get; } = CacheName.Parse(Name);

        public BackupWindow Assigned => Window is null ? BackupWindow.AssignedTo(Cache) : BackupWindow.Parse(Window);
    }

    private sealed class Year(SimulatedService service, Random random)
    {
        private readonly Dictionary<BackupName, (CacheName Cache, DateTimeOffset Window, DateTimeOffset StartedAt)> _good = [];
        private DateTimeOffset _now = Start;
        private bool _failNext;

        public int Windows { get; private set; }

        public int Completed => _good.Count;

        public int FailedAttempts { get; private set; }

        public int Restarts { get; private set; }

        public HashSet<BackupName> Missed { get; } = [];

        /// <summary>From noon to noon: all windows of the night lie within.</summary>
        public async Task LiveDayAsync(DateTimeOffset noon)
        {
            service.Caches.WhenOpened = FailWhereAskedAsync;
            bool deadNight = random.Next(80) == 0;
            int offset = random.Next(3) == 0 ? random.Next(-5, 6) : 0;
            foreach (DateTimeOffset tick in Ticks(noon))
            {
                SetClock(tick.AddMinutes(offset));
                bool isDead = deadNight && (tick.Hour is >= 20 or <= 8);
                if (isDead || random.Next(15) == 0)
                {
                    continue;
                }

                _failNext = random.Next(12) == 0;
                await TickAsync();
            }

            if (deadNight)
            {
                SetClock(noon.AddDays(1).AddMinutes(-20));
                await TickAsync();
            }

            foreach (Life life in Lives)
            {
                await CheckWindowAsync(life, life.Assigned.StartAfter(noon), deadNight);
            }

            if (noon.Day % 5 == 0)
            {
                // A purge with nothing in its way, so that what it leaves can be compared.
                SetClock(noon.AddDays(1));
                await TickAsync();
                await CheckKeptAsync();
            }
        }

        public async Task CheckNothingIsLeftOverAsync()
        {
            // Two days on, the purge has had time for what was younger than a day.
            SetClock(_now.AddHours(30));
            service.Caches.WhenOpened = FailWhereAskedAsync;

            // Nothing is in the way of the last two: what a stopped host has left is theirs to finish.
            await service.TickAsync();
            await service.TickAsync();
            HashSet<string> ids = [];
            await foreach (Backup backup in service.Parts.Catalog.Backups.ListAsync(CatalogKeys.Backups, null, null, default))
            {
                ids.Add(backup.Id.Value);
                Assert.True(backup.Status is BackupStatus.Available or BackupStatus.Failed, $"{backup.Name} is {backup.Status}");
            }

            await foreach (Core.Storage.ObjectSummary summary in service.Store.ListAsync(CatalogKeys.DataRoot, null, default))
            {
                Assert.Contains(summary.Key.Value.Split('/')[1], ids);
            }

            await foreach (Core.Storage.OpenUpload upload in service.Store.ListUploadsAsync(string.Empty, default))
            {
                Assert.Fail($"{upload.Key} is still open");
            }
        }

        private static IEnumerable<DateTimeOffset> Ticks(DateTimeOffset noon)
        {
            for (DateTimeOffset tick = noon; tick < noon.AddDays(1).AddMinutes(-30); tick = tick.AddMinutes(5))
            {
                bool isNear = Array.Exists(Lives, life =>
                    life.Assigned.Contains(tick) || life.Assigned.Contains(tick.AddMinutes(-5)));
                if (isNear || (tick - noon).TotalMinutes % 360 == 0)
                {
                    yield return tick;
                }
            }
        }

        private async Task TickAsync()
        {
            switch (random.Next(40))
            {
                case 0:
                    // The host is stopped in the middle of whatever the tick has begun.
                    await service.BeginTickAsync();
                    await Task.Delay(TimeSpan.FromMilliseconds(random.Next(3)), TimeProvider.System);
                    await service.RestartAsync();
                    Restarts++;
                    break;
                case 1:
                    await service.BeginTickAsync();
                    await service.BeginForeignTickAsync();
                    await service.BeginForeignTickAsync();
                    await service.SettleAsync();
                    break;
                case 2:
                    await service.TickAsync();
                    await service.TickAsync();
                    break;
                default:
                    await service.TickAsync();
                    break;
            }
        }

        private Task FailWhereAskedAsync()
        {
            if (!_failNext)
            {
                return Task.CompletedTask;
            }

            _failNext = false;
            FailedAttempts++;
            throw new CacheAccessDeniedException("The password is refused.");
        }

        private async Task CheckWindowAsync(Life life, DateTimeOffset window, bool deadNight)
        {
            Windows++;
            BackupName name = BackupName.Automatic(life.Cache, window);
            Backup? backup = (await service.Parts.Catalog.Backups.FindAsync(name, default))?.Document;
            List<BackupEvent> events = [];
            await foreach (BackupEvent told in service.Parts.Events.ListAsync(CatalogKeys.BackupEvents(name), null, default))
            {
                events.Add(told);
            }

            int missed = events.Count(told => told.Code == EventCode.BackupMissed);
            int available = events.Count(told => told.Code == EventCode.BackupAvailable);
            if (deadNight)
            {
                Missed.Add(name);
                Assert.True((missed, available) == (1, 0) && backup is null, $"{name}: {missed} missed, {available} available, {backup?.Status}");
                return;
            }

            Assert.True((missed, available) == (0, 1), $"{name}: {missed} missed, {available} available; {string.Join("; ", service.Troubles.TakeLast(5))}");
            Assert.Equal(BackupStatus.Available, backup!.Status);
            Assert.InRange(backup.CreatedAt, window, window + life.Assigned.Length);
            _good[name] = (life.Cache, window, backup.CreatedAt);
        }

        private async Task CheckKeptAsync()
        {
            foreach (Life life in Lives)
            {
                var taken = _good.Where(each => each.Value.Cache == life.Cache).OrderBy(each => each.Value.Window).ToList();
                string[] expected =
                [
                    .. taken.Where(each => each.Value.StartedAt.AddDays(life.Policy.RetentionDays) > _now)
                        .Append(taken[^1])
                        .Concat(taken.GroupBy(each => each.Value.Window.ToString("yyyyMM", CultureInfo.InvariantCulture))
                            .TakeLast(life.Policy.Keep?.Monthly ?? 0).Select(month => month.Last()))
                        .Select(each => each.Key.Value).Distinct().Order(StringComparer.Ordinal),
                ];
                List<string> kept = [];
                await foreach (Backup backup in service.Parts.Catalog.Listing.AllAsync(BackupIndex.OfCache(life.Cache), _ => { }, default))
                {
                    kept.Add(backup.Name.Value);
                }

                Assert.Equal(expected, kept.Order(StringComparer.Ordinal));
            }
        }

        private void SetClock(DateTimeOffset time)
        {
            // Backwards as well: a clock that is set right.
            if (time >= _now)
            {
                service.Clock.Advance(time - service.Clock.GetUtcNow() is { Ticks: > 0 } ahead ? ahead : TimeSpan.Zero);
            }

            if (service.Clock.GetUtcNow() != time)
            {
                service.Clock.AdjustTime(time);
            }

            _now = time;
        }
    }
}
