namespace CacheBackup.Core.Operations;

/// <summary>What is left to take of a cluster.</summary>
/// <param name="Shards">Numbers of the shards that have no file that stands for what they own now; when none is left, of all.</param>
/// <param name="Round">How often the cluster was asked for this backup.</param>
/// <param name="IsDone">None is left: every slot is in one file.</param>
public sealed record ClusterPlan(IReadOnlyList<int> Shards, int Round, bool IsDone);
