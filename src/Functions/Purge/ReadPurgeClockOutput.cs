namespace CacheBackup.Functions.Purge;

/// <summary>Whether the clock is believed.</summary>
public sealed record ReadPurgeClockOutput(bool Steady);
