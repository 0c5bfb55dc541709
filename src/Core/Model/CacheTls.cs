namespace CacheBackup.Core.Model;

/// <summary>
/// How TLS to a cache is checked. Certificate chain and host name are always checked; there is no switch that turns that off.
/// </summary>
public sealed record CacheTls
{
    /// <summary>The name that the certificate must carry; null: the endpoint's host.</summary>
    public string? ServerName { get; init; }

    /// <summary>PEM certificates of the authorities to trust instead of the system's; null: the system's.</summary>
    public string? AuthoritiesPem { get; init; }

    /// <summary>
    /// Where the certificate is that we show, with its private key, as PEM: <c>env:NAME</c>, <c>file:/path</c>, or <c>secret:name</c>, whose JSON has it as
    /// <c>clientCertificatePem</c>. Null: none is shown.
    /// </summary>
    public CredentialReference? ClientCertificate { get; init; }
}
