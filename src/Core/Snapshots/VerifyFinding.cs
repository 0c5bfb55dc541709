namespace CacheBackup.Core.Snapshots;

/// <summary>One thing that is wrong with a stored data file.</summary>
/// <param name="Segment">The segment's number, where one is meant.</param>
/// <param name="OffsetBytes">Where in the file it begins, where there is a place.</param>
/// <param name="Message">What was found and what was recorded, in one sentence.</param>
public sealed record VerifyFinding(VerifyFindingKind Kind, int? Segment, long? OffsetBytes, string Message);
