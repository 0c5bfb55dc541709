namespace CacheBackup.Core.Operations;

/// <summary>What one tick of the schedule found and did.</summary>
/// <param name="Due">Caches that were looked at.</param>
/// <param name="Started">Backups that were started.</param>
/// <param name="Running">Automatic backups that ran already.</param>
/// <param name="Waiting">Caches that are due and wait for the next tick.</param>
/// <param name="Missed">Windows that passed without a backup.</param>
/// <param name="Unreadable">Caches whose documents cannot be read.</param>
public sealed record ScheduleReport(int Due, int Started, int Running, int Waiting, int Missed, int Unreadable);
