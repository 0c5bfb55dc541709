namespace CacheBackup.Functions.Backup;

/// <summary>The shards that are left to take, or all when none is left; how many at a time; how often the cluster was asked by now.</summary>
/// <param name="Done">None is left: every slot is in one file.</param>
public sealed record SurveyClusterOutput(IReadOnlyList<int> Shards, int Concurrency, int Round, bool Done);
