using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Aws.Secrets;

/// <summary>A password, a client certificate with its key, or both, and where they may be sent.</summary>
internal sealed record CacheSecret(
    string? Username, Secret<string>? Password, Secret<string>? ClientCertificate, IReadOnlyList<string> Hosts, bool AllowPlaintext)
{
    private const string AnyBelow = "*.";

    /// <summary>The address's user goes before the secret's.</summary>
    /// <exception cref="InvalidRequestException">The secret holds no password.</exception>
    public CacheLogin LoginTo(string name, CacheAddress address) => Password is { } password
        ? new CacheLogin(address.Username ?? Username, password)
        : throw new InvalidRequestException($"The secret {name} has no \"password\" in its JSON.");

    /// <exception cref="InvalidRequestException">The secret holds no certificate.</exception>
    public Secret<string> CertificateOf(string name) => ClientCertificate
        ?? throw new InvalidRequestException($"The secret {name} has no \"clientCertificatePem\" in its JSON.");

    /// <summary>Why it may not be used there; null where it may.</summary>
    public string? RefusalOf(string name, CacheAddress address)
    {
        string host = Plain(address.Endpoint.Host);
        if (!Hosts.Any(pattern => Names(Plain(pattern), host)))
        {
            return $"The secret {name} is not meant for {address.Endpoint}: add \"{host}\" to \"hosts\" in its JSON, or *. and a domain that it lies in.";
        }

        return address.Tls is null && !AllowPlaintext
            ? $"The secret {name} is not sent to {address.Endpoint} without TLS. Use TLS, or add \"allowPlaintext\": true to its JSON."
            : null;
    }

    private static bool Names(string pattern, string host) =>
        pattern.StartsWith(AnyBelow, StringComparison.Ordinal) && pattern.Length > AnyBelow.Length
            ? host.Length >= pattern.Length && host.EndsWith(pattern[1..], StringComparison.OrdinalIgnoreCase)
            : pattern.Length > 0 && string.Equals(pattern, host, StringComparison.OrdinalIgnoreCase);

    private static string Plain(string host) => host.Trim().TrimEnd('.');
}
