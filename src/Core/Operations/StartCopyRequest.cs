using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>A backup to copy.</summary>
/// <param name="Source">The backup.</param>
/// <param name="Name">The copy's name.</param>
/// <param name="Location">One of the configured copy targets; null: the service's own store.</param>
/// <param name="Tags">Null: those of the source.</param>
public sealed record StartCopyRequest(BackupName Source, BackupName Name, string? Location = null, IReadOnlyList<Tag>? Tags = null);
