namespace CacheBackup.Core.Model;

/// <summary>The moves between a backup's stored statuses. A failed name may be started again, as a new generation.</summary>
public static class BackupTransitions
{
    public static bool Allows(BackupStatus from, BackupStatus to) => (from, to) switch
    {
        (BackupStatus.Creating, BackupStatus.Available or BackupStatus.Failed) => true,
        (BackupStatus.Available, BackupStatus.Damaged or BackupStatus.Deleting) => true,
        (BackupStatus.Failed, BackupStatus.Creating or BackupStatus.Deleting) => true,
        (BackupStatus.Damaged, BackupStatus.Deleting) => true,
        _ => false,
    };
}
