namespace CacheBackup.Core.Model;

/// <summary>One file of an export.</summary>
public sealed record ExportFile(int Shard, ExportFileState State);
