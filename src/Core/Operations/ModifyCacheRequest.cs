using CacheBackup.Core.Retention;

namespace CacheBackup.Core.Operations;

/// <summary>What is to change of a cache's automatic backups; null: it stays as it is.</summary>
public sealed record ModifyCacheRequest(int? RetentionDays, BackupWindow? Window, RetentionPlan? Keep);
