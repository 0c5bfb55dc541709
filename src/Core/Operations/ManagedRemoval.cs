using CacheBackup.Core.Buckets;
using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>
/// The end of a cache that a restore made in ElastiCache: it goes only where the operator has allowed it, and only if it carries our tag.
/// What a user registered is never deleted.
/// </summary>
internal sealed class ManagedRemoval(ServiceParts parts)
{
    /// <summary>How long ElastiCache is looked at after it was asked, once a minute.</summary>
    private static readonly TimeSpan LongestDelete = TimeSpan.FromHours(6);

    /// <summary>Whether the cache is one that goes from ElastiCache with its record. Where there is none, none was ever made.</summary>
    public static bool Goes(ServiceParts parts, Cache cache) => parts.HasElastiCache && cache is { Managed: null, ManagedResource: not null };

    /// <exception cref="TargetNotConfiguredException">Caches may not be deleted.</exception>
    public static void RequireAllowed(ServiceParts parts, Cache cache)
    {
        if (!parts.AllowDeleteCaches)
        {
            throw new TargetNotConfiguredException(
                $"This service may not delete {cache.ManagedResource} in ElastiCache. Its operator can allow it: add \"allowDeleteCaches\": true to the "
                + "context and deploy. Or remove the cache with forget=true: then only the record goes.");
        }
    }

    /// <summary>Looks at what ElastiCache has of the cache, and says what comes next.</summary>
    public async Task<ServerRemoval> LookAsync(Cache cache, FailureCause? refusal, CancellationToken cancellationToken)
    {
        RequireAllowed(parts, cache);
        ManagedResource resource = cache.ManagedResource!;
        if (await parts.ManagedSources.FindAsync(resource, cancellationToken) is not { } found)
        {
            return ServerRemoval.Gone;
        }

        if (parts.Time.GetUtcNow() - cache.Operation!.StartedAt > NativeRecords.LongestWait + LongestDelete)
        {
            throw new ManagedDeleteFailedException($"ElastiCache still has {resource}, which is {found.Status}. Look at its events there.");
        }

        if (!found.TakesDelete)
        {
            return new ServerRemoval(ServerRemovalStep.Wait, resource.Id);
        }

        if (refusal is not null)
        {
            throw new ManagedDeleteFailedException($"ElastiCache does not delete {resource}, which is {found.Status}. {refusal.ToReason()}");
        }

        await RequireTagAsync(cache, resource, found, cancellationToken);
        return new ServerRemoval(
            resource.IsServerless ? ServerRemovalStep.DeleteServerlessCache : ServerRemovalStep.DeleteReplicationGroup, resource.Id);
    }

    private async Task RequireTagAsync(Cache cache, ManagedResource resource, ManagedDescription found, CancellationToken cancellationToken)
    {
        IReadOnlyList<Tag> tags = await parts.ManagedSources.ReadTagsAsync(found.Arn, cancellationToken);
        if (!ManagedTags.Hold(tags, ManagedTags.Cache, cache.Name.Value))
        {
            throw new CatalogConflictException(
                $"ElastiCache's {resource} lacks the tag {ManagedTags.Cache}={cache.Name}, so it is not taken for one that this service made. Add the tag there, "
                + "or remove the cache with forget=true: then only the record goes.");
        }
    }
}
