namespace CacheBackup.Functions.Restore;

/// <summary>The range that was compared; its report is in the store.</summary>
public sealed record CompareRangeOutput(int Range);
