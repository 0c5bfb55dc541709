using CacheBackup.Core.Model;

namespace CacheBackup.Core.Retention;

/// <summary>
/// Automatic backups to keep beyond their date: of each of the last N days, weeks (from Monday), months and years (UTC) that have a good
/// one, the newest. Periods without a backup do not count, so that a pause in backing up loses none. 0: none of that kind.
/// </summary>
public sealed record RetentionPlan
{
    public const int MostDaily = 366;
    public const int MostWeekly = 260;
    public const int MostMonthly = 120;
    public const int MostYearly = 50;

    /// <summary>0–366.</summary>
    public int Daily { get; init; }

    /// <summary>0–260.</summary>
    public int Weekly { get; init; }

    /// <summary>0–120.</summary>
    public int Monthly { get; init; }

    /// <summary>0–50.</summary>
    public int Yearly { get; init; }

    /// <exception cref="InvalidRequestException">A number is outside its range; the message names it.</exception>
    public void Validate()
    {
        Check(Daily, MostDaily, "daily");
        Check(Weekly, MostWeekly, "weekly");
        Check(Monthly, MostMonthly, "monthly");
        Check(Yearly, MostYearly, "yearly");
    }

    private static void Check(int number, int most, string what)
    {
        if (number < 0 || number > most)
        {
            throw new InvalidRequestException($"A plan keeps 0 to {most} {what} backups; {number} was asked for.");
        }
    }
}
