using CacheBackup.Core.Model;

namespace CacheBackup.Core.Retention;

/// <summary>How long a cache's automatic backups are kept.</summary>
public sealed record RetentionPolicy
{
    public const int MostDays = 35;

    /// <summary>
    /// 0–35. A backup is dated when it is taken, and a later change concerns only later backups. 0: no automatic backups from now on.
    /// </summary>
    public required int RetentionDays { get; init; }

    /// <summary>What is kept beyond its date; null: nothing.</summary>
    public RetentionPlan? Keep { get; init; }

    public bool TakesBackups => RetentionDays > 0;

    /// <exception cref="InvalidRequestException">A number is outside its range; the message names it.</exception>
    public void Validate()
    {
        if (RetentionDays is < 0 or > MostDays)
        {
            throw new InvalidRequestException(
                $"Automatic backups are kept 1 to {MostDays} days, and 0 turns them off; {RetentionDays} was asked for.");
        }

        Keep?.Validate();
    }
}
