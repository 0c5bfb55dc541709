using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>What <see cref="CheckRestore"/> decides. The ranges themselves are in the store.</summary>
/// <param name="Lanes">The lanes' numbers, at most 40.</param>
/// <param name="Concurrency">Lanes at work at once, at least 1.</param>
/// <param name="Target">What is to be provisioned.</param>
/// <param name="Staged">Numbers of the shards whose files ElastiCache is to read; empty for other targets.</param>
public sealed record RestoreWorkPlan(
    RestoreFill Fill, IReadOnlyList<int> Lanes, int Concurrency, RestoreTargetKind Target, IReadOnlyList<int> Staged);
