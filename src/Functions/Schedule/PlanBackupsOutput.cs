namespace CacheBackup.Functions.Schedule;

/// <summary>How many caches were due, and what came of them.</summary>
public sealed record PlanBackupsOutput(int Due, int Started, int Running, int Waiting, int Missed, int Unreadable);
