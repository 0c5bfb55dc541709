namespace CacheBackup.Core.Catalog;

/// <summary>How far one shard or range has come, overwritten every few seconds. For people only: no decision reads it.</summary>
public sealed record ProgressRecord(long Bytes, long? TotalBytes, long Keys, DateTimeOffset At);
