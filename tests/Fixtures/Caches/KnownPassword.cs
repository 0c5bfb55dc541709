using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Fixtures.Caches;

/// <summary>Credentials of a test: every reference leads to the same password.</summary>
public sealed class KnownPassword(string password) : ICredentials
{
    public const string Default = "correct horse battery staple";

    public static KnownPassword Instance { get; } = new(Default);

    /// <summary>A reference to put into an address; what it says does not matter here.</summary>
    public static CredentialReference Reference { get; } = CredentialReference.Parse("env:CACHE_PASSWORD_OF_TESTS");

    public Task<CacheLogin> ResolveAsync(CacheAddress address, CancellationToken cancellationToken) =>
        Task.FromResult(new CacheLogin(address.Username, new Secret<string>(password)));
}
