namespace CacheBackup.Core.Snapshots;

/// <summary>A snapshot that was taken in one or more calls.</summary>
/// <param name="Keys">Where it is: the first call's choice.</param>
public sealed record SlicedResult(SnapshotKeys Keys, SnapshotResult Result);
