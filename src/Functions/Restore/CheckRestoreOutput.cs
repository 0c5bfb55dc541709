using CacheBackup.Core.Model;

namespace CacheBackup.Functions.Restore;

/// <summary>How the new cache is filled, the numbers of the lanes, what is to be provisioned, and which shards' files are staged for it.</summary>
public sealed record CheckRestoreOutput(
    RestoreFill Fill, IReadOnlyList<int> Lanes, int Concurrency, RestoreTargetKind Target, IReadOnlyList<int> Staged);
