namespace CacheBackup.Core.Snapshots;

/// <summary>One thing that is wrong with a stored data file.</summary>
/// <param name="Message">What was found and what was recorded, in one sentence.</param>
/// <param name="Segment">The segment's number, where one is meant.</param>
/// <param name="OffsetBytes">Where in the file it begins, where there is a place.</param>
public sealed record VerifyFinding(VerifyFindingKind Kind, string Message, int? Segment = null, long? OffsetBytes = null);
