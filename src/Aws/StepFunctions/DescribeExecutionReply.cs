namespace CacheBackup.Aws.StepFunctions;

/// <summary>One execution; times are seconds since 1970.</summary>
internal sealed record DescribeExecutionReply(
    string Status, double StartDate, double? StopDate = null, string? Input = null, string? Error = null, string? Cause = null);
