namespace CacheBackup.Core.Model;

/// <summary>The backup that another one was copied from, as it was then: it may be gone since.</summary>
public sealed record CopyOrigin(BackupName Backup, BackupId BackupId);
