namespace CacheBackup.Aws.StepFunctions;

/// <summary>Ends an execution as aborted.</summary>
internal sealed record StopExecutionRequest(string ExecutionArn, string Error, string Cause);
