namespace CacheBackup.Functions.Export;

/// <summary>The shard that was exported.</summary>
public sealed record ExportShardOutput(int Shard);
