using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>Adds, changes and removes tags of backups and caches. Other work on them goes on meanwhile.</summary>
public sealed class ChangeTags(ServiceParts parts)
{
    /// <summary>Adds tags; one whose key is there already gets the new value.</summary>
    /// <exception cref="NotFoundException">No such backup.</exception>
    /// <exception cref="InvalidRequestException">A tag breaks a rule, or there would be more than 50.</exception>
    public Task<Backup> AddAsync(BackupName name, IReadOnlyList<Tag> tags, CancellationToken cancellationToken) =>
        ChangeAsync(name, current => Merged(current, tags), cancellationToken);

    /// <exception cref="NotFoundException">No such backup, or it has no tag of that key.</exception>
    public Task<Backup> RemoveAsync(BackupName name, string key, CancellationToken cancellationToken) =>
        ChangeAsync(name, current => Without(current, key), cancellationToken);

    /// <inheritdoc cref="AddAsync(BackupName, IReadOnlyList{Tag}, CancellationToken)"/>
    public Task<Cache> AddAsync(CacheName name, IReadOnlyList<Tag> tags, CancellationToken cancellationToken) =>
        ChangeAsync(name, current => Merged(current, tags), cancellationToken);

    /// <inheritdoc cref="RemoveAsync(BackupName, string, CancellationToken)"/>
    public Task<Cache> RemoveAsync(CacheName name, string key, CancellationToken cancellationToken) =>
        ChangeAsync(name, current => Without(current, key), cancellationToken);

    private async Task<Backup> ChangeAsync(
        BackupName name, Func<IReadOnlyList<Tag>, IReadOnlyList<Tag>> change, CancellationToken cancellationToken)
    {
        Backup changed = await parts.Catalog.Backups.ChangeAsync(
            name,
            current => current.Status == BackupStatus.Deleting
                ? throw new CatalogConflictException($"Backup {name} is being deleted.")
                : current with { Tags = change(current.Tags ?? []) },
            cancellationToken);
        if (changed.Status is BackupStatus.Available or BackupStatus.Damaged)
        {
            // The copy beside the data follows: a rebuilt catalog has the tags as well.
            await ManifestCopies.WriteAsync(parts, changed, cancellationToken);
            // Its removal may have begun meanwhile, and have been here already.
            await ManifestCopies.RemoveUnlessListedAsync(parts, changed, cancellationToken);
        }

        await parts.Events.PublishAsync(
            BackupEvent.Of(
                EventCode.BackupTagged, parts.Time.GetUtcNow(), $"Backup {name} has {changed.Tags.Count} tags now.", changed.Cache, name, null, changed.Writer),
            cancellationToken);
        return changed;
    }

    private async Task<Cache> ChangeAsync(
        CacheName name, Func<IReadOnlyList<Tag>, IReadOnlyList<Tag>> change, CancellationToken cancellationToken)
    {
        Cache changed = await parts.Catalog.Caches.ChangeAsync(
            name, current => current with { Tags = change(current.Tags ?? []) }, cancellationToken);
        await parts.Events.PublishAsync(
            BackupEvent.Of(
                EventCode.CacheTagged, parts.Time.GetUtcNow(), $"Cache {name} has {changed.Tags.Count} tags now.", name, null, null, changed.Writer),
            cancellationToken);
        return changed;
    }

    private static IReadOnlyList<Tag> Merged(IReadOnlyList<Tag> current, IReadOnlyList<Tag> added)
    {
        // Checked by themselves first: a key that is given twice must not pass because the second replaces the first.
        Dictionary<string, Tag> newer = TagRules.Check(added).ToDictionary(t => t.Key);
        return TagRules.Check([.. current.Where(t => !newer.ContainsKey(t.Key)), .. added]);
    }

    private static List<Tag> Without(IReadOnlyList<Tag> current, string key) => current.Any(t => t.Key == key)
        ? [.. current.Where(t => t.Key != key)]
        : throw new NotFoundException("There is no tag of that key.");
}
