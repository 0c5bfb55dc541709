namespace CacheBackup.Functions.RestoreTest;

/// <summary>What was proven.</summary>
public sealed record CompleteRestoreTestOutput(long Restored, long Expired);
