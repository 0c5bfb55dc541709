namespace CacheBackup.Core.Operations;

/// <summary>How a snapshot is to be exported.</summary>
/// <param name="Step">What to do next.</param>
/// <param name="Snapshot">Its name.</param>
/// <param name="Target">What the names of the files are to begin with, where they are named by us.</param>
/// <param name="Bucket">The exchange bucket.</param>
public sealed record NativeExportPlan(NativeExportStep Step, string Snapshot, string Target, string Bucket);
