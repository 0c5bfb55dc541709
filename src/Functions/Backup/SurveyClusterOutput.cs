namespace CacheBackup.Functions.Backup;

/// <summary>The shards that are left to take, how many at a time, and how often the cluster was asked by now.</summary>
/// <param name="Done">None is left: every slot is in one file.</param>
public sealed record SurveyClusterOutput(IReadOnlyList<int> Shards, int Concurrency, int Round, bool Done);
