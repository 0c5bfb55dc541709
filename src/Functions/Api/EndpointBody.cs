using CacheBackup.Core.Model;

namespace CacheBackup.Functions.Api;

/// <summary>How a cache of the user's own is reached.</summary>
public sealed record EndpointBody
{
    private const int UsualPort = 6379;
    private const int UsualMemcachedPort = 11211;

    /// <summary>Host name or address.</summary>
    public required string Host { get; init; }

    /// <summary>
    /// <c>memcached</c> where it is that: it speaks another protocol. Null: <c>valkey</c> or <c>redis</c>, which say themselves which; in a
    /// restore, what the backup is of.
    /// </summary>
    public CacheEngine? Engine { get; init; }

    /// <summary>
    /// 1–65,535; null: 6379, or Memcached's 11211. (Generated readers of JSON leave out what a property is initialized with.)
    /// </summary>
    public int? Port { get; init; }

    /// <summary>Present: TLS, with chain and name checked.</summary>
    public CacheTls? Tls { get; init; }

    public string? Username { get; init; }

    /// <summary>Where the password is (<c>env:NAME</c>, <c>file:/path</c>, <c>secret:name</c>), never the password.</summary>
    public string? Password { get; init; }

    /// <exception cref="InvalidRequestException">A member breaks its rule.</exception>
    public CacheAddress ToAddress()
    {
        int port = Port ?? (Engine == CacheEngine.Memcached ? UsualMemcachedPort : UsualPort);
        if (port is < 1 or > 65535)
        {
            throw new InvalidRequestException("A port is a number from 1 to 65535.");
        }

        if (Uri.CheckHostName(Host) == UriHostNameType.Unknown)
        {
            throw new InvalidRequestException("The host is neither a host name nor an address.");
        }

        return new CacheAddress
        {
            Endpoint = new CacheEndpoint(Host, port),
            Engine = Engine,
            Tls = Tls,
            Username = Username,
            Password = Password is null ? null : CredentialReference.Parse(Password),
        };
    }
}
