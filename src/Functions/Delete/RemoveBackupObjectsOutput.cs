namespace CacheBackup.Functions.Delete;

/// <summary>How many objects went.</summary>
public sealed record RemoveBackupObjectsOutput(int Objects);
