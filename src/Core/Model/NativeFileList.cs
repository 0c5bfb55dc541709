namespace CacheBackup.Core.Model;

/// <summary>
/// What an export of a native snapshot gave: object <c>native.json</c> beside the backup's data, written once, before the first file is
/// adopted.
/// </summary>
/// <param name="Files">In the order of their shards.</param>
/// <param name="EngineVersion">The snapshot's; null: it told none that is one.</param>
public sealed record NativeFileList(IReadOnlyList<SnapshotFile> Files, CacheVersion? EngineVersion = null);
