namespace CacheBackup.Core.Model;

/// <summary>A backup that a sweep may choose.</summary>
/// <param name="KnownGoodAt">When its bytes were last seen to be good: at the last verification, or when they were stored.</param>
public sealed record SweepCandidate(BackupName Name, DateTimeOffset KnownGoodAt);
