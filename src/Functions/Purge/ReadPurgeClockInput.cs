using CacheBackup.Core.Model;

namespace CacheBackup.Functions.Purge;

/// <summary>The purge that begins.</summary>
public sealed record ReadPurgeClockInput(ExecutionId Execution);
