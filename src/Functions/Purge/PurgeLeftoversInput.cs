using CacheBackup.Core.Model;

namespace CacheBackup.Functions.Purge;

/// <summary>Where to go on; empty: at the beginning.</summary>
public sealed record PurgeLeftoversInput(ExecutionId Execution, string After);
