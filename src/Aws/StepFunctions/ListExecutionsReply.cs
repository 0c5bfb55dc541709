namespace CacheBackup.Aws.StepFunctions;

/// <summary>A page of executions, the last started first.</summary>
internal sealed record ListExecutionsReply(IReadOnlyList<ListedExecution>? Executions = null, string? NextToken = null);
