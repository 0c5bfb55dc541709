namespace CacheBackup.Aws.StepFunctions;

/// <summary>See Step Functions' model 2016-11-23 for each of these.</summary>
internal sealed record StartExecutionRequest(string StateMachineArn, string Name, string Input);

internal sealed record StartExecutionReply(string? ExecutionArn);

internal sealed record ExecutionRequest(string ExecutionArn);

internal sealed record DescribeExecutionReply(
    string Status, double StartDate, double? StopDate = null, string? Input = null, string? Error = null, string? Cause = null);

internal sealed record ListExecutionsRequest(string StateMachineArn, string StatusFilter, int MaxResults, string? NextToken);

internal sealed record ListExecutionsReply(IReadOnlyList<ListedExecution>? Executions = null, string? NextToken = null);

internal sealed record ListedExecution(string ExecutionArn, string Name, string Status, double StartDate);

internal sealed record StopExecutionRequest(string ExecutionArn, string Error, string Cause);

internal sealed record StopExecutionReply(double? StopDate = null);

internal sealed record ExecutionHistoryRequest(string ExecutionArn, int MaxResults, bool ReverseOrder, bool IncludeExecutionData);

internal sealed record ExecutionHistoryReply(IReadOnlyList<ExecutionHistoryEvent>? Events = null);

internal sealed record ExecutionHistoryEvent(EnteredState? StateEnteredEventDetails = null);

internal sealed record EnteredState(string? Name = null);
