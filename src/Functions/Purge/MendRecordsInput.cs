using CacheBackup.Core.Model;

namespace CacheBackup.Functions.Purge;

/// <summary>The purge that runs.</summary>
public sealed record MendRecordsInput(ExecutionId Execution);
