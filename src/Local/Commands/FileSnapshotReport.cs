using CacheBackup.Core.Snapshots;

namespace CacheBackup.Local.Commands;

/// <summary>A snapshot that lies in a file.</summary>
internal sealed record FileSnapshotReport(string Path, SnapshotResult Result);
