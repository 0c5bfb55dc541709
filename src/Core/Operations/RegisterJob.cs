using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>The register machine's input: a <see cref="CacheJob"/>, and which way it goes.</summary>
/// <param name="Managed">How a cache of ElastiCache's is to be backed up; null: it is not one.</param>
public sealed record RegisterJob(ExecutionId Execution, CacheName Cache, long Generation, BackupMethod? Managed = null);
