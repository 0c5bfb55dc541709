namespace CacheBackup.Aws.StepFunctions;

/// <summary>Asks for a page of a machine's executions.</summary>
internal sealed record ListExecutionsRequest(string StateMachineArn, string StatusFilter, int MaxResults, string? NextToken);
