namespace CacheBackup.Functions.Recover;

/// <summary>EventBridge's event <em>Step Functions Execution Status Change</em>, of which only the detail is read.</summary>
public sealed record AbandonExecutionInput(EndedExecution Detail);
