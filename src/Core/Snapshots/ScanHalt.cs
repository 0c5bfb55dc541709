namespace CacheBackup.Core.Snapshots;

/// <summary>Where a scan was left, and the keys that it has taken: the next slice goes on from both.</summary>
/// <param name="Keys">Those of this slice are the added ones. Null: a list names those that are left (<see cref="ScanPosition.List"/>).</param>
public sealed record ScanHalt(ScanPosition Position, RememberedKeys? Keys);
