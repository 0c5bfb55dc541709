using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>Orphans among a part of the data.</summary>
/// <param name="Orphans">Data to remove.</param>
/// <param name="After">The last id that was looked at.</param>
/// <param name="Done">True: no data follows.</param>
public sealed record OrphanPage(IReadOnlyList<BackupId> Orphans, string After, bool Done);
