namespace CacheBackup.Core.Restores;

/// <summary>One work range of a restore: neighbouring segments of one shard's data file.</summary>
/// <param name="Shard">The shard's number, from 0.</param>
/// <param name="FirstSegment">The first segment's number, from 0.</param>
/// <param name="LastSegment">The last segment's number; it belongs to the range.</param>
/// <param name="Bytes">What the range holds, at least 1.</param>
public sealed record RestoreWork(int Shard, int FirstSegment, int LastSegment, long Bytes);
