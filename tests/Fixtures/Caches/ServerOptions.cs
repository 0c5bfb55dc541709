using System.Security.Cryptography.X509Certificates;
using CacheBackup.Core.Model;

namespace CacheBackup.Fixtures.Caches;

/// <summary>What a real server of a test is started with.</summary>
public sealed record ServerOptions
{
    public CacheEngine Engine { get; init; } = CacheEngine.Redis;

    /// <summary>Lines of the configuration file, after ours: <c>requirepass secret</c>, <c>user backup on >secret +psync</c>, <c>rename-command SYNC ""</c>.</summary>
    public IReadOnlyList<string> Configuration { get; init; } = [];

    /// <summary>With a certificate the server speaks TLS, and nothing else, on its port.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>With TLS, what clients trust: goes into the address.</summary>
    public string? AuthorityPem { get; init; }

    /// <summary>A file that the server loads when it starts; copied into its directory.</summary>
    public string? RdbFile { get; init; }

    /// <summary>Return as soon as the server answers at all, even while it loads.</summary>
    public bool MayBeLoading { get; init; }
}
