using CacheBackup.Core.Model;

namespace CacheBackup.Functions.Purge;

/// <summary>Where to go on; empty: at the beginning.</summary>
public sealed record PurgeBackupsInput(ExecutionId Execution, string After);
