using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>One data file to fetch.</summary>
/// <param name="FileName">What the file is to be called where it arrives.</param>
public sealed record DownloadSubject(Backup Backup, ShardManifest Shard, string FileName);
