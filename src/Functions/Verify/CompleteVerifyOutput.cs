namespace CacheBackup.Functions.Verify;

/// <summary>What the verification showed; the findings are in the backup's record.</summary>
/// <param name="Findings">0: every byte is as it was recorded.</param>
public sealed record CompleteVerifyOutput(long Findings);
