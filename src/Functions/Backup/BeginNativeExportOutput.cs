using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Backup;

/// <summary>What comes next, and what ElastiCache is to be told.</summary>
public sealed record BeginNativeExportOutput(NativeExportStep Step, string Snapshot, string Target, string Bucket);
