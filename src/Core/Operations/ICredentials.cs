using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>Reads passwords and keys where their references say. The results are used at once and never stored.</summary>
public interface ICredentials
{
    /// <summary>For an address that names a password.</summary>
    /// <exception cref="InvalidRequestException">
    /// The reference leads nowhere, to a place that this installation does not read, or to a password that may not go to this address.
    /// </exception>
    Task<CacheLogin> ResolveAsync(CacheAddress address, CancellationToken cancellationToken);

    /// <summary>The certificate that is shown to the address, and its private key, as PEM.</summary>
    /// <param name="reference">Of the address's TLS.</param>
    /// <exception cref="InvalidRequestException">As for passwords.</exception>
    Task<Secret<string>> ReadCertificateAsync(CredentialReference reference, CacheAddress address, CancellationToken cancellationToken);

    /// <summary>Forgets what is kept of the address's password, because the node refused it: it may have been changed meanwhile.</summary>
    /// <returns>Whether reading it anew may give another one.</returns>
    bool Forget(CacheAddress address) => false;
}
