using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Restore;

/// <summary>How the new cache is filled, and the ranges that the lanes work on.</summary>
public sealed record CheckRestoreOutput(RestoreFill Fill, IReadOnlyList<WorkRange> Ranges, int Concurrency);
