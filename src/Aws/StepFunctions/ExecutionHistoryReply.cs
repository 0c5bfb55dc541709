namespace CacheBackup.Aws.StepFunctions;

/// <summary>A page of events.</summary>
internal sealed record ExecutionHistoryReply(IReadOnlyList<ExecutionHistoryEvent>? Events = null);
