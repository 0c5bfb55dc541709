using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;

namespace CacheBackup.Core.Operations;

/// <summary>Whether a backup may be restored as its record stands: a damaged one only on the user's explicit word.</summary>
internal static class RestorableStatus
{
    /// <exception cref="BackupNotRestorableException">It may not; of a damaged one the message says what was found where.</exception>
    public static void Require(Backup backup, RestoreTargetSpec target)
    {
        if (backup.Status == BackupStatus.Available || (backup.Status == BackupStatus.Damaged && target.AllowDamaged))
        {
            return;
        }

        throw new BackupNotRestorableException(
            $"Backup {backup.Name} is {Text.Of(backup.Status)}; only an available backup can be restored."
            + (backup.StatusReason is { } reason ? $" {reason}" : string.Empty)
            + (backup.Status == BackupStatus.Damaged
                ? " Restore another backup; or say allowDamaged to restore what is intact of this one."
                : string.Empty));
    }
}
