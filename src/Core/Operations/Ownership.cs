using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>Who may write: every step compares execution and generation before it changes anything.</summary>
internal static class Ownership
{
    public static void Check(Cache cache, ExecutionId execution, long generation)
    {
        if (!cache.IsHeldBy(execution, generation))
        {
            throw new NoLongerOwnerException(
                $"Cache {cache.Name} is no longer held by execution {execution}, generation {generation}; it was abandoned or has ended.");
        }
    }

    public static void Check(Backup backup, ExecutionId execution, long generation)
    {
        if (!backup.IsHeldBy(execution, generation) || backup.Status != BackupStatus.Creating)
        {
            throw new NoLongerOwnerException(
                $"Backup {backup.Name} is no longer being made by execution {execution}, generation {generation}; it is {Text.Of(backup.Status)}.");
        }
    }
}
