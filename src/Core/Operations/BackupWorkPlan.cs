using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>How a backup is to be taken.</summary>
/// <param name="Shards">The numbers of the shards to stream, in order; a native backup's shards are known when ElastiCache has exported them.</param>
/// <param name="Method">Streamed, one way or another, or by ElastiCache's own snapshot.</param>
public sealed record BackupWorkPlan(IReadOnlyList<int> Shards, BackupMethod Method);
