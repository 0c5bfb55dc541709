using CacheBackup.Core.Retention;

namespace CacheBackup.Core.Model;

/// <summary>A cache's automatic backups: when they are taken, how long they are kept, and at which window the schedule stands.</summary>
public sealed record AutomaticBackups
{
    /// <summary>0–35; 0: none are taken.</summary>
    public required int RetentionDays { get; init; }

    public required BackupWindow Window { get; init; }

    /// <summary>True: nobody named a window, this one was assigned.</summary>
    public bool WindowAssigned { get; init; }

    /// <summary>What is kept beyond its date; null: nothing.</summary>
    public RetentionPlan? Keep { get; init; }

    /// <summary>
    /// The start of the window that the schedule has to see to next, and when the cache is due; in the past while that window is open or
    /// its backup is being made. Null while none are taken.
    /// </summary>
    public DateTimeOffset? NextWindow { get; init; }

    /// <summary>
    /// The end of the first of the windows that passed without a backup since the last one that was served; null: the last one was.
    /// </summary>
    public DateTimeOffset? BehindSince { get; init; }

    /// <exception cref="InvalidRequestException">Days or plan are outside their ranges.</exception>
    public static AutomaticBackups Of(CacheName cache, RetentionPolicy policy, BackupWindow? window, DateTimeOffset now)
    {
        policy.Validate();
        BackupWindow chosen = window ?? BackupWindow.AssignedTo(cache);
        return new AutomaticBackups
        {
            RetentionDays = policy.RetentionDays,
            Window = chosen,
            WindowAssigned = window is null,
            Keep = policy.Keep,
            NextWindow = policy.TakesBackups ? chosen.CurrentOrNext(now) : null,
        };
    }

    public RetentionPolicy ToPolicy() => new() { RetentionDays = RetentionDays, Keep = Keep };
}
