namespace CacheBackup.Aws.StepFunctions;

/// <summary>What Step Functions answers to a stop.</summary>
internal sealed record StopExecutionReply(double? StopDate = null);
