using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>By these tags the service knows what it made in ElastiCache.</summary>
public static class ManagedTags
{
    public const string Cache = "cache-backup:cache";
    public const string Execution = "cache-backup:execution";
    public const string Backup = "cache-backup:backup";

    /// <summary>The user's tags behind ours, as many as a resource holds.</summary>
    public static IReadOnlyList<Tag> OfSnapshot(BackupJob job, IReadOnlyList<Tag> users)
    {
        Tag[] ours = [new(Execution, job.Execution.Value), new(Backup, job.Backup.Value)];
        return [.. ours, .. users.Where(tag => !tag.Key.StartsWith("cache-backup:", StringComparison.Ordinal)).Take(TagRules.MaxTags - ours.Length)];
    }

    public static bool Hold(IReadOnlyList<Tag> tags, string key, string value) => tags.Contains(new Tag(key, value));
}
