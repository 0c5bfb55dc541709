using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>The record of a backup as a step of its verification finds it.</summary>
internal static class VerifyRecords
{
    /// <exception cref="NoLongerOwnerException">The backup is not in use by this execution: it was abandoned, or has ended.</exception>
    public static async Task<Backup> ReadAsync(BackupCatalog catalog, VerifyJob job, CancellationToken cancellationToken)
    {
        Backup backup = await catalog.Backups.GetAsync(job.Backup, cancellationToken);
        return IsUsedBy(backup, job.Execution)
            ? backup
            : throw new NoLongerOwnerException(
                $"Backup {job.Backup} is no longer being verified by execution {job.Execution}; it was abandoned or has ended.");
    }

    public static bool IsUsedBy(Backup backup, ExecutionId execution) =>
        backup.Uses.Any(use => use.Kind == UseKind.Verify && use.Execution == execution);
}
