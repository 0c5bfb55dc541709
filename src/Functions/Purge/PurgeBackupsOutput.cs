namespace CacheBackup.Functions.Purge;

/// <summary>How far this call came, and what it removed.</summary>
public sealed record PurgeBackupsOutput(string After, bool Done, int Removed);
