namespace CacheBackup.Aws.ElastiCache;

/// <summary>A snapshot of a self-designed cluster as ElastiCache describes it; null where it says nothing.</summary>
/// <param name="Status"><c>creating</c>, <c>available</c>, <c>restoring</c>, <c>copying</c>, <c>deleting</c>.</param>
public sealed record CacheSnapshot(string Name, string Status)
{
    public string? Arn { get; init; }

    /// <summary><c>automated</c> or <c>manual</c>.</summary>
    public string? Source { get; init; }

    public string? Engine { get; init; }

    public string? EngineVersion { get; init; }

    public string? NodeType { get; init; }

    public string? ReplicationGroup { get; init; }

    public string? CacheCluster { get; init; }

    public int? NodeGroupCount { get; init; }

    /// <summary><c>enabled</c>: what it holds cannot be exported.</summary>
    public string? DataTiering { get; init; }

    public IReadOnlyList<NodeSnapshot> Nodes { get; init; } = [];
}
