using CacheBackup.Core.Model;

namespace CacheBackup.Local.Provisioning;

/// <summary>
/// What is known of a server that was made here: <c>server.json</c> in its directory. It is written, durably, when all that the server
/// starts from is there and before the server is started for the first time: a directory without it was never in use.
/// </summary>
public sealed record ServerRecord
{
    public int SchemaVersion { get; init; } = 1;

    public required CacheName Name { get; init; }

    /// <summary>Of the operation that asked for the cache.</summary>
    public required long Generation { get; init; }

    public required CacheEngine Engine { get; init; }

    /// <summary>On 127.0.0.1.</summary>
    public required int Port { get; init; }

    /// <summary>
    /// The server has served on its port, which others may have noted since: it stays. Until then a port that another program took is
    /// changed for a free one.
    /// </summary>
    public bool HasServed { get; init; }
}
