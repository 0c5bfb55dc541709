using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>Reads a password where its reference says. The result is used at once and never stored.</summary>
public interface ICredentials
{
    /// <exception cref="InvalidRequestException">The reference leads nowhere, or to a place that this installation does not read.</exception>
    Task<Secret<string>> ResolveAsync(CredentialReference reference, CacheEndpoint endpoint, CancellationToken cancellationToken);
}
