namespace CacheBackup.Functions.VerifySweep;

/// <summary>Whether another round is to follow.</summary>
public sealed record ContinueVerifySweepOutput(bool More);
