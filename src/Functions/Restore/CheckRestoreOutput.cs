using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Restore;

/// <summary>How the new cache is filled, the ranges that the lanes work on, and what is to be provisioned.</summary>
public sealed record CheckRestoreOutput(RestoreFill Fill, IReadOnlyList<WorkRange> Ranges, int Concurrency, RestoreTargetKind Target);
