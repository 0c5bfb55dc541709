namespace CacheBackup.Aws.StepFunctions;

/// <summary>The state that was entered.</summary>
internal sealed record EnteredState(string? Name = null);
