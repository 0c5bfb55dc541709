using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>By these tags the service knows what it made in ElastiCache.</summary>
public static class ManagedTags
{
    public const string Cache = "cache-backup:cache";
    public const string Execution = "cache-backup:execution";
    public const string Backup = "cache-backup:backup";

    /// <summary>How many tags a user may give to a cache that a restore makes.</summary>
    public const int MostOfUsersOnCache = TagRules.MaxTags - 2;

    private const string Prefix = "cache-backup:";

    /// <summary>A snapshot's tags: who asked for it, for which backup, and the user's.</summary>
    public static IReadOnlyList<Tag> OfSnapshot(BackupJob job, IReadOnlyList<Tag> users) =>
        Join([new(Execution, job.Execution.Value), new(Backup, job.Backup.Value)], users);

    /// <summary>A cache's tags: who asked for it, that it is ours to delete, and the user's.</summary>
    public static IReadOnlyList<Tag> OfCache(ExecutionId execution, CacheName cache, IReadOnlyList<Tag> users) =>
        Join([new(Execution, execution.Value), new(Cache, cache.Value)], users);

    public static bool Hold(IReadOnlyList<Tag> tags, string key, string value) => tags.Contains(new Tag(key, value));

    /// <summary>Ours first, then the user's, as many as a resource holds. A user's tag is never taken for one of ours.</summary>
    private static IReadOnlyList<Tag> Join(Tag[] ours, IReadOnlyList<Tag> users) =>
        [.. ours, .. users.Where(tag => !tag.Key.StartsWith(Prefix, StringComparison.Ordinal)).Take(TagRules.MaxTags - ours.Length)];
}
