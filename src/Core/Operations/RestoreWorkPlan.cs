using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>What <see cref="CheckRestore"/> decides.</summary>
/// <param name="Concurrency">Ranges at work at once, at least 1.</param>
/// <param name="Target">What is to be provisioned.</param>
public sealed record RestoreWorkPlan(RestoreFill Fill, IReadOnlyList<WorkRange> Ranges, int Concurrency, RestoreTargetKind Target);
