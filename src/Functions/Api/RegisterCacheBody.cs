using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Api;

/// <summary>The body of <c>POST /caches</c>.</summary>
public sealed record RegisterCacheBody
{
    public required string Name { get; init; }

    /// <summary>Host name or address; null for a cache of ElastiCache's.</summary>
    public string? Host { get; init; }

    /// <summary>
    /// <c>memcached</c> where it is that: it speaks another protocol. Null: <c>valkey</c> or <c>redis</c>, which say themselves which.
    /// </summary>
    public CacheEngine? Engine { get; init; }

    /// <summary>Instead of a host: what the cache is in ElastiCache.</summary>
    public ElastiCacheBody? ElastiCache { get; init; }

    /// <summary>How it is backed up; null: <c>native</c> for a cache of ElastiCache's, <c>stream</c> for others.</summary>
    public BackupMethod? Method { get; init; }

    /// <summary>
    /// 1–65,535; null: 6379, or Memcached's 11211. (Generated readers of JSON leave out what a property is initialized with.)
    /// </summary>
    public int? Port { get; init; }

    /// <summary>Present: TLS, with chain and name checked.</summary>
    public CacheTls? Tls { get; init; }

    public string? Username { get; init; }

    /// <summary>Where the password is (<c>env:NAME</c>, <c>file:/path</c>, <c>secret:name</c>), never the password.</summary>
    public string? Password { get; init; }

    public IReadOnlyList<Tag>? Tags { get; init; }

    /// <summary>Null: none are taken.</summary>
    public AutomaticBackupsBody? AutomaticBackups { get; init; }

    /// <exception cref="InvalidRequestException">A member breaks its rule, or members contradict each other.</exception>
    public RegisterCacheRequest ToRequest()
    {
        if (Host is null == ElastiCache is null)
        {
            throw new InvalidRequestException("A cache is registered by its host, or by what it is in ElastiCache: give one of host and elastiCache.");
        }

        return new RegisterCacheRequest(CacheName.Parse(Name), Host is null ? null : ToAddress(Host), Tags)
        {
            Managed = ElastiCache is { } body ? ToManaged(body) : null,
            Method = Host is null ? null : Method,
            Retention = AutomaticBackups?.ToPolicy(),
            Window = AutomaticBackups?.ToWindow(),
        };
    }

    private CacheAddress ToAddress(string host) =>
        new EndpointBody { Host = host, Engine = Engine, Port = Port, Tls = Tls, Username = Username, Password = Password }.ToAddress();

    private ManagedSource ToManaged(ElastiCacheBody body)
    {
        if (Engine is not null)
        {
            throw new InvalidRequestException("ElastiCache tells the engine of its caches itself: leave it out.");
        }

        if ((Port, Tls) is not (null, null))
        {
            throw new InvalidRequestException("ElastiCache tells port and TLS of its caches itself: leave them out.");
        }

        return new ManagedSource
        {
            ServerlessCache = body.ServerlessCache,
            ReplicationGroup = body.ReplicationGroup,
            CacheCluster = body.CacheCluster,
            KeepSnapshots = body.KeepSnapshots,
            Method = Method,
            Username = Username,
            Password = Password is null ? null : CredentialReference.Parse(Password),
        }.Checked();
    }
}
