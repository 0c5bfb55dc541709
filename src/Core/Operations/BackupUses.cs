using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>Who reads a backup.</summary>
internal static class BackupUses
{
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
