namespace CacheBackup.Functions.Restore;

/// <summary>How many files were removed.</summary>
public sealed record RemoveStagedFilesOutput(int Removed);
