using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>Who reads a backup.</summary>
internal static class BackupUses
{
    /// <summary>Notes that an execution reads a backup, if it is still the one that was looked at and still available.</summary>
    /// <param name="done">What is done with it, for a message: "copied".</param>
    /// <exception cref="CatalogConflictException">It is neither.</exception>
    public static Task<Backup> BeginAsync(
        BackupCatalog catalog, Backup seen, BackupUse use, string done, CancellationToken cancellationToken) =>
        catalog.Backups.ChangeAsync(
            seen.Name,
            current =>
            {
                RequireAvailable(current, done);
                return current.Id == seen.Id
                    ? current with { Uses = [.. current.Uses, use] }
                    : throw new CatalogConflictException($"Backup {seen.Name} was replaced by another of that name. Look at it again.");
            },
            cancellationToken);

    /// <exception cref="CatalogConflictException">The backup is not available.</exception>
    public static void RequireAvailable(Backup backup, string done)
    {
        if (backup.Status != BackupStatus.Available)
        {
            throw new CatalogConflictException(
                $"Backup {backup.Name} is {Text.Of(backup.Status)}; only an available backup can be {done}."
                + (backup.StatusReason is { } reason ? $" {reason}" : string.Empty));
        }
    }

    /// <summary>Lets a backup go. One that is gone, or not used by the execution, is as good as let go.</summary>
    public static async Task EndAsync(BackupCatalog catalog, BackupName name, ExecutionId execution, CancellationToken cancellationToken)
    {
        try
        {
            await catalog.Backups.ChangeAsync(
                name,
                current => current.Uses.Any(u => u.Execution == execution)
                    ? current with { Uses = [.. current.Uses.Where(u => u.Execution != execution)] }
                    : current,
                cancellationToken);
        }
        catch (NotFoundException)
        {
            // The backup is gone, and its uses with it.
        }
    }
}
