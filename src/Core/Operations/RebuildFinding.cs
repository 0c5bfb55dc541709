namespace CacheBackup.Core.Operations;

/// <summary>A backup or manifest that a rebuild left out, and why.</summary>
public sealed record RebuildFinding(string Name, string Reason);
