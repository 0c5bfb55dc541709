using CacheBackup.Core.Model;

namespace CacheBackup.Fixtures.Caches;

/// <summary>What a real cluster of a test is made of.</summary>
public sealed record ClusterOptions
{
    public CacheEngine Engine { get; init; } = CacheEngine.Redis;

    /// <summary>Shards, each with an even part of the slots.</summary>
    public int Shards { get; init; } = 3;

    /// <summary>Replicas of each shard.</summary>
    public int Replicas { get; init; }

    /// <summary>With an authority every node speaks TLS alone, to clients, to its replicas and to the other nodes.</summary>
    public TestCertificates? Certificates { get; init; }

    /// <summary>Lines of every node's configuration, after ours.</summary>
    public IReadOnlyList<string> Configuration { get; init; } = [];
}
