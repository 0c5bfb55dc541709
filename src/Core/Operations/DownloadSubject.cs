using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;

namespace CacheBackup.Core.Operations;

/// <summary>One data file to fetch.</summary>
/// <param name="FileName">What the file is to be called where it arrives.</param>
/// <param name="Selection">The part of it that is wanted; null: the file as it is stored.</param>
public sealed record DownloadSubject(Backup Backup, ShardManifest Shard, string FileName, EntrySelection? Selection = null);
