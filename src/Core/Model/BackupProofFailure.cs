namespace CacheBackup.Core.Model;

/// <summary>A restore test that a backup did not pass, or that could not be carried out.</summary>
/// <param name="Reason">What failed, for people.</param>
public sealed record BackupProofFailure(DateTimeOffset At, ExecutionId Execution, string Reason);
