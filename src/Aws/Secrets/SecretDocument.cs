namespace CacheBackup.Aws.Secrets;

/// <summary>What a secret's text holds.</summary>
internal sealed record SecretDocument
{
    public string? Username { get; init; }

    public string? Password { get; init; }

    /// <summary>A certificate with its private key, as PEM.</summary>
    public string? ClientCertificatePem { get; init; }

    public IReadOnlyList<string>? Hosts { get; init; }

    public bool? AllowPlaintext { get; init; }

    /// <summary>Records print their members.</summary>
    public override string ToString() => "**redacted**";
}
