using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>On one machine there is no ElastiCache, and so nothing of it to look at or to take.</summary>
public sealed class NoManagedSources : IManagedSources, INativeSnapshots
{
    public static NoManagedSources Instance { get; } = new();

    public Task<ManagedDescription?> FindAsync(ManagedResource resource, CancellationToken cancellationToken) =>
        Task.FromException<ManagedDescription?>(NotHere(resource.ToString()));

    public Task<IReadOnlyList<Tag>> ReadTagsAsync(string arn, CancellationToken cancellationToken) =>
        Task.FromException<IReadOnlyList<Tag>>(NotHere(arn));

    public Task<bool> RequestAsync(NativeSnapshotRequest request, CancellationToken cancellationToken) =>
        Task.FromException<bool>(NotHere(request.Source.ToString()));

    public Task<NativeSnapshot?> FindAsync(NativeSnapshotId id, CancellationToken cancellationToken) =>
        Task.FromException<NativeSnapshot?>(NotHere(id.ToString()));

    public Task<bool> TryDeleteAsync(NativeSnapshotId id, CancellationToken cancellationToken) =>
        Task.FromException<bool>(NotHere(id.ToString()));

    internal static TargetNotAvailableHereException NotHere(string what) => new(
        $"'{what}' is ElastiCache's, which a host on one machine does not have. Run the service in AWS; or register the cache by its host and port.");
}
