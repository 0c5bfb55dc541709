namespace CacheBackup.Aws.StepFunctions;

/// <summary>One execution of a page; times are seconds since 1970.</summary>
internal sealed record ListedExecution(string ExecutionArn, string Name, string Status, double StartDate);
