namespace CacheBackup.Aws.StepFunctions;

/// <summary>Asks for one execution.</summary>
internal sealed record ExecutionRequest(string ExecutionArn);
