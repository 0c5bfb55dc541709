namespace CacheBackup.Core.Model;

/// <summary>One cache of ElastiCache by its own name there, in the Region and account that the service runs in.</summary>
public sealed record ManagedResource(ManagedResourceKind Kind, string Id)
{
    /// <summary>Serverless caches have operations, names and snapshots of their own.</summary>
    public bool IsServerless => Kind == ManagedResourceKind.ServerlessCache;

    public override string ToString() => Kind switch
    {
        ManagedResourceKind.ServerlessCache => $"serverless cache {Id}",
        ManagedResourceKind.ReplicationGroup => $"replication group {Id}",
        _ => $"cache cluster {Id}",
    };
}
