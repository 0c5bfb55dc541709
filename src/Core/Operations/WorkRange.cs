namespace CacheBackup.Core.Operations;

/// <summary>One range of a restore as its plan holds it.</summary>
/// <param name="Shard">The shard's number in the backup, from 1.</param>
/// <param name="FirstSegment">The first segment's number, from 0.</param>
/// <param name="LastSegment">The last segment's number; it belongs to the range.</param>
/// <param name="Bytes">What the range holds, at least 1.</param>
public sealed record WorkRange(int Shard, int FirstSegment, int LastSegment, long Bytes);
