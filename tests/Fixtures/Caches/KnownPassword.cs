using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Fixtures.Caches;

/// <summary>Credentials of a test: every reference leads to the same password, or to the same certificate.</summary>
public sealed class KnownPassword(string password, string? certificatePem = null) : ICredentials
{
    public const string Default = "correct horse battery staple";

    public static KnownPassword Instance { get; } = new(Default);

    /// <summary>A reference to put into an address; what it says does not matter here.</summary>
    public static CredentialReference Reference { get; } = CredentialReference.Parse("env:CACHE_PASSWORD_OF_TESTS");

    public Task<CacheLogin> ResolveAsync(CacheAddress address, CancellationToken cancellationToken) =>
        Task.FromResult(new CacheLogin(address.Username, new Secret<string>(password)));

    public Task<Secret<string>> ReadCertificateAsync(CredentialReference reference, CacheAddress address, CancellationToken cancellationToken) =>
        Task.FromResult(new Secret<string>(certificatePem ?? throw new InvalidOperationException("This test has no client certificate.")));
}
