namespace CacheBackup.Functions.Copy;

/// <summary>The shards to copy, and how many at a time.</summary>
public sealed record BeginCopyOutput(IReadOnlyList<int> Shards, int Concurrency);
