namespace CacheBackup.Functions.Restore;

/// <summary>Whether the lane is done, or to be called again. What was done is in the store.</summary>
public sealed record CompareLaneOutput(int Lane, bool Done);
