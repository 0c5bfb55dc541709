namespace CacheBackup.Aws.StepFunctions;

/// <summary>Asks for a page of an execution's events.</summary>
internal sealed record ExecutionHistoryRequest(string ExecutionArn, int MaxResults, bool ReverseOrder, bool IncludeExecutionData);
