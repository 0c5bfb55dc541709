namespace CacheBackup.Core.Operations;

/// <summary>What a rebuild of the catalog did.</summary>
/// <param name="Restored">Records that were lost and are there again.</param>
/// <param name="Present">Records that stood in the catalog.</param>
public sealed record RebuildReport(int Restored, int Present, IReadOnlyList<RebuildFinding> LeftOut);
