namespace CacheBackup.Core.Catalog;

/// <summary>How far one shard or range has come, overwritten every few seconds. For people only: no decision reads it.</summary>
/// <param name="TotalBytes">Null where the source does not say how much is to come.</param>
public sealed record ProgressRecord(long Bytes, long Keys, DateTimeOffset At, long? TotalBytes = null);
