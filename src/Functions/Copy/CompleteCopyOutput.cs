using CacheBackup.Core.Model;

namespace CacheBackup.Functions.Copy;

/// <summary>The published copy.</summary>
public sealed record CompleteCopyOutput(BackupName Backup, long SizeBytes);
