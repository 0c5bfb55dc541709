namespace CacheBackup.Aws.StepFunctions;

/// <summary>What Step Functions answers to a start.</summary>
internal sealed record StartExecutionReply(string? ExecutionArn);
