namespace CacheBackup.Core.Operations;

/// <summary>What is left to take of a cluster.</summary>
/// <param name="Shards">Numbers of the shards that have no file that stands for what they own now.</param>
/// <param name="Round">How often the cluster was asked for this backup.</param>
public sealed record ClusterPlan(IReadOnlyList<int> Shards, int Round);
