using CacheBackup.Core.Model;

namespace CacheBackup.Functions.Api;

/// <summary>The body of <c>POST /caches</c>.</summary>
public sealed record RegisterCacheBody
{
    public required string Name { get; init; }

    /// <summary>Host name or address.</summary>
    public required string Host { get; init; }

    /// <summary>1–65,535; null: 6379. (Generated readers of JSON leave out what a property is initialized with.)</summary>
    public int? Port { get; init; }

    /// <summary>Present: TLS, with chain and name checked.</summary>
    public CacheTls? Tls { get; init; }

    public string? Username { get; init; }

    /// <summary>Where the password is (<c>env:NAME</c>, <c>file:/path</c>, <c>secret:name</c>), never the password.</summary>
    public string? Password { get; init; }

    public IReadOnlyList<Tag>? Tags { get; init; }

    /// <summary>Null: none are taken.</summary>
    public AutomaticBackupsBody? AutomaticBackups { get; init; }

    /// <exception cref="InvalidRequestException">A member breaks its rule.</exception>
    public CacheAddress ToAddress() =>
        new EndpointBody { Host = Host, Port = Port, Tls = Tls, Username = Username, Password = Password }.ToAddress();
}
