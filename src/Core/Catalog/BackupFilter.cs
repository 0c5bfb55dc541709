using CacheBackup.Core.Model;

namespace CacheBackup.Core.Catalog;

/// <summary>Which backups are asked for: those that fit everything that is set.</summary>
public sealed record BackupFilter
{
    public CacheName? Cache { get; init; }

    public BackupKind? Kind { get; init; }

    /// <summary><see cref="Backup.ShownStatus"/>.</summary>
    public string? Status { get; init; }

    public CacheEngine? Engine { get; init; }

    /// <summary>Only those with this tag.</summary>
    public string? TagKey { get; init; }

    /// <summary>Null: any value. Only with <see cref="TagKey"/>.</summary>
    public string? TagValue { get; init; }

    /// <summary>The index that is expected to hold the fewest others: tags, then caches, states, kinds and engines.</summary>
    public string List => this switch
    {
        { TagKey: { } key } => BackupIndex.OfTag(key, TagValue),
        { Cache: { } cache } => BackupIndex.OfCache(cache),
        { Status: { } status } => BackupIndex.OfStatus(status),
        { Kind: { } kind } => BackupIndex.OfKind(kind),
        { Engine: { } engine } => BackupIndex.OfEngine(engine),
        _ => CatalogKeys.BackupsByTime,
    };

    public bool Fits(Backup backup) =>
        (Cache is null || backup.Cache == Cache)
        && (Kind is null || backup.Kind == Kind)
        && (Status is null || backup.ShownStatus == Status)
        && (Engine is null || backup.Origin?.Engine == Engine)
        && (TagKey is null || (backup.Tags ?? []).Any(t => t.Key == TagKey && (TagValue is null || t.Value == TagValue)));
}
