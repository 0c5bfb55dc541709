namespace CacheBackup.Bench;

/// <summary>One figure that is to be reached.</summary>
internal sealed record Verdict(string Figure, string Measured, string ToReach, bool IsReached);
