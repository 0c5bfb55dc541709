namespace CacheBackup.Aws.ElastiCache;

/// <summary>One shard of a cluster that is asked for.</summary>
/// <param name="Id">1 to 4 digits, as <c>0001</c>.</param>
/// <param name="Slots">Ranges within 0-16383, separated by commas, as <c>0-8191</c>.</param>
/// <param name="Replicas">0 to 5.</param>
public sealed record NewNodeGroup(string Id, string Slots, int Replicas);
