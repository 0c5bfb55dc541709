namespace CacheBackup.Functions.VerifySweep;

/// <summary>Whether there are more backups to look through.</summary>
public sealed record PlanVerifySweepOutput(bool More);
