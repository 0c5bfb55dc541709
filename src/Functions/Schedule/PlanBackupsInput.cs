using CacheBackup.Core.Model;

namespace CacheBackup.Functions.Schedule;

/// <summary>The tick.</summary>
public sealed record PlanBackupsInput(ExecutionId Execution);
