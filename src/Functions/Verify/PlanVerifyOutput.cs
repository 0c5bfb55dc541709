namespace CacheBackup.Functions.Verify;

/// <summary>The shards to read back, and how many at a time.</summary>
public sealed record PlanVerifyOutput(IReadOnlyList<int> Shards, int Concurrency);
