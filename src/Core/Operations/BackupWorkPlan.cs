using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>How a backup is to be taken.</summary>
/// <param name="Shards">The numbers of the shards to stream, in order; empty where they are known later: a native backup's when ElastiCache has exported them, a cluster's when it is asked (<see cref="SurveyCluster"/>).</param>
/// <param name="Method">Streamed, one way or another, or by ElastiCache's own snapshot.</param>
public sealed record BackupWorkPlan(IReadOnlyList<int> Shards, BackupMethod Method);
