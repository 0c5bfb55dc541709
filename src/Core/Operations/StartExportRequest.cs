using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>A backup to export.</summary>
/// <param name="Backup">The backup.</param>
/// <param name="Location">A place at or below one of the configured ones.</param>
/// <param name="Name">1–1,000 characters, at most 1,000 bytes of UTF-8; the files are <c>NAME-0001.rdb</c> and so on.</param>
/// <param name="ForElastiCache">ElastiCache is to be able to read the files.</param>
public sealed record StartExportRequest(BackupName Backup, string Location, string Name, bool ForElastiCache = false);
