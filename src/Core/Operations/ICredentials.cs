using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>Reads a password where its reference says. The result is used at once and never stored.</summary>
public interface ICredentials
{
    /// <summary>For an address that names a password.</summary>
    /// <exception cref="InvalidRequestException">
    /// The reference leads nowhere, to a place that this installation does not read, or to a password that may not go to this address.
    /// </exception>
    Task<CacheLogin> ResolveAsync(CacheAddress address, CancellationToken cancellationToken);

    /// <summary>Forgets what is kept of the address's password, because the node refused it: it may have been changed meanwhile.</summary>
    /// <returns>Whether reading it anew may give another one.</returns>
    bool Forget(CacheAddress address) => false;
}
