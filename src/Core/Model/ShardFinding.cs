using CacheBackup.Core.Snapshots;

namespace CacheBackup.Core.Model;

/// <summary>One thing that is wrong with the stored bytes of one shard.</summary>
/// <param name="Shard">The shard's number, from 1.</param>
/// <param name="Message">What was found and what was recorded, in one sentence.</param>
/// <param name="Segment">The segment's number, from 0, where one is meant.</param>
/// <param name="OffsetBytes">Where in the shard's data file it begins, where there is a place.</param>
public sealed record ShardFinding(int Shard, VerifyFindingKind Kind, string Message, int? Segment = null, long? OffsetBytes = null);
