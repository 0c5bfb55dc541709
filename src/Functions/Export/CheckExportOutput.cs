namespace CacheBackup.Functions.Export;

/// <summary>The shards to export, and how many at a time.</summary>
public sealed record CheckExportOutput(IReadOnlyList<int> Shards, int Concurrency);
