using System.Text.Json.Serialization;

namespace CacheBackup.Core.Model;

/// <summary>
/// A cache of ElastiCache that was registered by its name there: exactly one of <see cref="ServerlessCache"/>,
/// <see cref="ReplicationGroup"/> and <see cref="CacheCluster"/>.
/// </summary>
public sealed record ManagedSource
{
    // ElastiCache: groups and clusters have 1-40 characters, serverless caches as well.
    private const int MaxIdLength = 40;

    public string? ServerlessCache { get; init; }

    public string? ReplicationGroup { get; init; }

    public string? CacheCluster { get; init; }

    /// <summary>Null: <see cref="BackupMethod.Native"/>.</summary>
    public BackupMethod? Method { get; init; }

    /// <summary>True: ElastiCache's own snapshot stays after its files were adopted. Null: it goes.</summary>
    public bool? KeepSnapshots { get; init; }

    /// <summary>The ACL user of backups that are streamed.</summary>
    public string? Username { get; init; }

    /// <summary>Where the password is for backups that are streamed.</summary>
    public CredentialReference? Password { get; init; }

    /// <summary>The Amazon resource name; null until it was described.</summary>
    public string? Arn { get; init; }

    /// <summary>Whether its endpoints speak TLS; null until it was described.</summary>
    public bool? Tls { get; init; }

    /// <summary>Whether it keeps some values on disk; null until it was described, and where it does not.</summary>
    public bool? DataTiering { get; init; }

    /// <summary>Null until it was described.</summary>
    public IReadOnlyList<ManagedShard>? Shards { get; init; }

    [JsonIgnore]
    public BackupMethod EffectiveMethod => Method ?? BackupMethod.Native;

    [JsonIgnore]
    public ManagedResource Resource => this switch
    {
        { ServerlessCache: { } name } => new ManagedResource(ManagedResourceKind.ServerlessCache, name),
        { ReplicationGroup: { } id } => new ManagedResource(ManagedResourceKind.ReplicationGroup, id),
        { CacheCluster: { } id } => new ManagedResource(ManagedResourceKind.CacheCluster, id),
        _ => throw new InvalidRequestException("A managed cache names its serverless cache, replication group or cache cluster."),
    };

    /// <summary>The same with its name in lower case, as ElastiCache stores it.</summary>
    /// <exception cref="InvalidRequestException">None or several are named, or the name is none of ElastiCache's.</exception>
    public ManagedSource Checked()
    {
        string?[] named = [ServerlessCache, ReplicationGroup, CacheCluster];
        if (named.Count(name => name is not null) != 1)
        {
            throw new InvalidRequestException("elastiCache names exactly one of serverlessCache, replicationGroup and cacheCluster.");
        }

        string id = Resource.Id;
        if (id.Length is 0 or > MaxIdLength || !id.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') || !char.IsAsciiLetter(id[0]))
        {
            throw new InvalidRequestException(
                $"A name of ElastiCache has 1 to {MaxIdLength} letters, digits and hyphens and begins with a letter.");
        }

        if (EffectiveMethod == BackupMethod.Native && (Username ?? Password?.Value) is not null)
        {
            throw new InvalidRequestException("Native backups take no username and no password: leave them out, or choose the method stream.");
        }

        if (EffectiveMethod == BackupMethod.Replication)
        {
            throw new InvalidRequestException("ElastiCache lets nobody replicate from its caches: choose native or scan.");
        }

        return this with
        {
            ServerlessCache = ServerlessCache?.ToLowerInvariant(),
            ReplicationGroup = ReplicationGroup?.ToLowerInvariant(),
            CacheCluster = CacheCluster?.ToLowerInvariant(),
        };
    }
}
