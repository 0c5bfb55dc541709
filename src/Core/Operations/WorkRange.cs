namespace CacheBackup.Core.Operations;

/// <summary>One range of a restore as the state machine hands it on.</summary>
/// <param name="Number">Its number in the plan, from 0.</param>
/// <param name="Shard">The shard's number in the backup, from 1.</param>
/// <param name="FirstSegment">The first segment's number, from 0.</param>
/// <param name="LastSegment">The last segment's number; it belongs to the range.</param>
public sealed record WorkRange(int Number, int Shard, int FirstSegment, int LastSegment);
