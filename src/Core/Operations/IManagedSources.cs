using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>What ElastiCache holds in the Region and account that the service runs in. Looks, and changes nothing.</summary>
public interface IManagedSources
{
    /// <summary>Null: there is no such cache.</summary>
    /// <exception cref="TargetNotAvailableHereException">There is no AWS here.</exception>
    Task<ManagedDescription?> FindAsync(ManagedResource resource, CancellationToken cancellationToken);

    /// <summary>The tags of what has that Amazon resource name.</summary>
    /// <exception cref="ManagedSourceBusyException">ElastiCache tells no tags while the resource is not available.</exception>
    Task<IReadOnlyList<Tag>> ReadTagsAsync(string arn, CancellationToken cancellationToken);
}
