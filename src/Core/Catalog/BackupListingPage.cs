using CacheBackup.Core.Model;

namespace CacheBackup.Core.Catalog;

/// <summary>A page of backups.</summary>
/// <param name="Unreadable">The names of records that this version cannot read, and why.</param>
/// <param name="Marker">Where the next page begins; null where this is the last one.</param>
public sealed record BackupListingPage(IReadOnlyList<Backup> Backups, IReadOnlyList<UnreadableRecord> Unreadable, string? Marker);
