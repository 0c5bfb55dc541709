using System.Globalization;
using System.Text.Json;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Operations;

/// <summary>
/// Sees that this week's sweep is under way or done: starts it, and starts another execution where one broke off or had done as much as
/// one may. To be called by every tick; repeating it starts nothing twice.
/// </summary>
public sealed class StartVerifySweep(ServiceParts parts)
{
    /// <summary>With this share everything is read back at least every four weeks.</summary>
    public const int UsualSharePercent = 25;

    /// <summary>Parts of one week: one that always breaks off must not be started at every tick.</summary>
    private const int MaxParts = 50;

    /// <param name="sharePercent">Of all available backups, 0–100; 0: no sweep.</param>
    /// <returns>The execution that was started; null where there was nothing to start.</returns>
    /// <exception cref="InvalidRequestException">The share is none.</exception>
    public async Task<ExecutionId?> RunAsync(int sharePercent, CancellationToken cancellationToken)
    {
        if (sharePercent is < 0 or > 100)
        {
            throw new InvalidRequestException($"The share of backups that is verified each week is 0 to 100 percent, not {sharePercent}.");
        }

        string week = WeekOf(parts.Time.GetUtcNow());
        (VerifySweep Sweep, ObjectTag Tag)? found = sharePercent == 0 ? null : await SweepRecords.FindAsync(parts.Store, week, cancellationToken);
        if (sharePercent == 0 || found is { Sweep.DoneAt: not null } or { Sweep.Part: >= MaxParts })
        {
            return null;
        }

        if (found is { } others && !parts.Executions.Knows(others.Sweep.Execution))
        {
            // Another host on the same store sees to this week.
            return null;
        }

        VerifySweep sweep;
        if (found is not { } current)
        {
            sweep = new VerifySweep { Week = week, SharePercent = sharePercent, Execution = ExecutionOf(week, 1), Part = 1, Candidates = [] };
            await SweepRecords.WriteAsync(parts.Store, sweep, WriteCondition.Absent, cancellationToken);
            await RemoveOthersAsync(week, cancellationToken);
        }
        else if (await parts.Executions.DescribeAsync(current.Sweep.Execution, cancellationToken) is { } execution)
        {
            if (execution.Status == ExecutionStatus.Running)
            {
                return null;
            }

            int part = current.Sweep.Part + 1;
            sweep = current.Sweep with { Execution = ExecutionOf(week, part), Part = part, Rounds = 0 };
            await SweepRecords.WriteAsync(parts.Store, sweep, WriteCondition.Matches(current.Tag), cancellationToken);
        }
        else
        {
            // Written down and never started: a crash lay between.
            sweep = current.Sweep;
        }

        VerifySweepJob job = new(sweep.Execution, week);
        await parts.Executions.StartAsync(
            sweep.Execution, JsonSerializer.SerializeToUtf8Bytes(job, OperationsJson.Default.VerifySweepJob), cancellationToken);
        return sweep.Execution;
    }

    private static string WeekOf(DateTimeOffset now)
    {
        DateTime day = now.UtcDateTime.Date;
        int sinceMonday = ((int)day.DayOfWeek + 6) % 7;
        return day.AddDays(-sinceMonday).ToString("yyyyMMdd", CultureInfo.InvariantCulture);
    }

    private ExecutionId ExecutionOf(string week, int part) =>
        parts.Executions.IdOf(StateMachines.VerifySweep, string.Create(CultureInfo.InvariantCulture, $"sweep-{week}-{part}"));

    private async Task RemoveOthersAsync(string week, CancellationToken cancellationToken)
    {
        await foreach (ObjectSummary summary in parts.Store.ListAsync(CatalogKeys.Sweeps, null, cancellationToken))
        {
            if (summary.Key != CatalogKeys.Sweep(week))
            {
                await parts.Store.DeleteAsync(summary.Key, cancellationToken);
            }
        }
    }
}
