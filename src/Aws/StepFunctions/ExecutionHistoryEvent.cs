namespace CacheBackup.Aws.StepFunctions;

/// <summary>One event, of which only the entry of a state is read.</summary>
internal sealed record ExecutionHistoryEvent(EnteredState? StateEnteredEventDetails = null);
