using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Backup;

/// <summary>Whether to look again; the shards whose files are there, and how many of them at a time.</summary>
public sealed record CheckNativeSnapshotOutput(NativeState State, IReadOnlyList<int> Shards, int Concurrency);
