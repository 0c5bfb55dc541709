namespace CacheBackup.Core.Model;

/// <summary>All that is needed to reach one node of a cache. It holds no secret and may be stored.</summary>
public sealed record CacheAddress
{
    public required CacheEndpoint Endpoint { get; init; }

    /// <summary>
    /// <see cref="CacheEngine.Memcached"/> where it is that: it speaks another protocol. What others are they say themselves; one that is
    /// named here must be what answers. Null: Valkey or Redis OSS.
    /// </summary>
    public CacheEngine? Engine { get; init; }

    /// <summary>Null: plain TCP.</summary>
    public CacheTls? Tls { get; init; }

    /// <summary>The ACL user; null with a password: the default user (<c>AUTH password</c>).</summary>
    public string? Username { get; init; }

    /// <summary>Where the password is; null: no AUTH is sent.</summary>
    public CredentialReference? Password { get; init; }
}
