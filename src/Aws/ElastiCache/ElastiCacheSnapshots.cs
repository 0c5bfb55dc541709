using System.Globalization;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Aws.ElastiCache;

/// <summary>ElastiCache's own snapshots, by its Query API.</summary>
public sealed class ElastiCacheSnapshots(ElastiCacheClient client) : INativeSnapshots
{
    public async Task<bool> RequestAsync(NativeSnapshotRequest request, CancellationToken cancellationToken)
    {
        try
        {
            await CreateAsync(request, cancellationToken);
            return true;
        }
        catch (ElastiCacheException e)
        {
            return e.Shape switch
            {
                "SnapshotAlreadyExistsFault" or "ServerlessCacheSnapshotAlreadyExistsFault" => false,
                "SnapshotQuotaExceededFault" or "ServerlessCacheSnapshotQuotaExceededFault" => throw new BackupQuotaExceededException(
                    $"ElastiCache takes no more snapshots of {request.Source} within 24 hours: its own quota is used up. {e.Message}"),
                "CacheClusterNotFoundFault" or "ReplicationGroupNotFoundFault" or "ServerlessCacheNotFoundFault" =>
                    throw new NotFoundException($"ElastiCache has no {request.Source} any more. {e.Message}"),
                "InvalidCacheClusterStateFault" or "InvalidReplicationGroupStateFault" or "InvalidServerlessCacheStateFault" =>
                    throw new ManagedSourceBusyException($"ElastiCache takes no snapshot of {request.Source} now. {e.Message}", e),
                _ => throw new NativeSnapshotFailedException($"ElastiCache takes no snapshot of {request.Source}. {e.Message}", e),
            };
        }
    }

    public async Task<NativeSnapshot?> FindAsync(NativeSnapshotId id, CancellationToken cancellationToken) => id.Serverless
        ? await client.FindServerlessSnapshotAsync(id.Name, cancellationToken) is { } serverless
            ? new NativeSnapshot
            {
                Id = id,
                Arn = serverless.Arn ?? string.Empty,
                Status = serverless.Status,
                BytesUsed = long.TryParse(serverless.BytesUsed, NumberStyles.None, CultureInfo.InvariantCulture, out long bytes) ? bytes : null,
                EngineVersion = ElastiCacheSources.VersionOf(serverless.MajorVersion),
            }
            : null
        : await client.FindSnapshotAsync(id.Name, cancellationToken) is { } snapshot
            ? new NativeSnapshot
            {
                Id = id,
                Arn = snapshot.Arn ?? string.Empty,
                Status = snapshot.Status,
                Files = snapshot.NodeGroupCount ?? (snapshot.Nodes.Count > 0 ? snapshot.Nodes.Count : null),
                EngineVersion = ElastiCacheSources.VersionOf(snapshot.EngineVersion),
            }
            : null;

    public async Task<bool> TryDeleteAsync(NativeSnapshotId id, CancellationToken cancellationToken)
    {
        try
        {
            await (id.Serverless
                ? client.DeleteServerlessSnapshotAsync(id.Name, cancellationToken)
                : client.DeleteSnapshotAsync(id.Name, cancellationToken));
            return true;
        }
        catch (ElastiCacheException e) when (e.Shape is "SnapshotNotFoundFault" or "ServerlessCacheSnapshotNotFoundFault")
        {
            return true;
        }
        catch (ElastiCacheException e) when (e.Shape is "InvalidSnapshotStateFault" or "InvalidServerlessCacheSnapshotStateFault")
        {
            // It is being made, or exported, or deleted already: the next look at it knows more.
            return await FindAsync(id, cancellationToken) is null or { IsGoing: true };
        }
    }

    private async Task CreateAsync(NativeSnapshotRequest request, CancellationToken cancellationToken)
    {
        ManagedResource source = request.Source;
        if (source.IsServerless)
        {
            await client.CreateServerlessSnapshotAsync(request.Id.Name, source.Id, request.Tags, cancellationToken);
            return;
        }

        // Exactly one of the two names: a node of a group stands for the group.
        bool wholeGroup = source.Kind == ManagedResourceKind.ReplicationGroup && request.Node is null;
        await client.CreateSnapshotAsync(
            request.Id.Name, wholeGroup ? source.Id : null, wholeGroup ? null : request.Node ?? source.Id, request.Tags, cancellationToken);
    }
}
