using CacheBackup.Core.Model;

namespace CacheBackup.Local.Commands;

/// <summary>
/// A cache's address as it is written on a command line: <c>redis://[user@]host[:port]</c>, with <c>rediss://</c> for TLS;
/// <c>valkey://</c> and <c>valkeys://</c> mean the same. Memcached's is <c>memcached://</c>, with <c>memcacheds://</c> for TLS.
/// </summary>
/// <param name="IsTls">The connection is to be encrypted, and the server's certificate and name checked.</param>
/// <param name="Username">The ACL user, or one of Memcached's file of users; null: the default user.</param>
/// <param name="Engine">Memcached, where it is that; null: Valkey or Redis OSS, which say themselves which.</param>
internal sealed record CacheUrl(CacheEndpoint Endpoint, bool IsTls, string? Username, CacheEngine? Engine = null)
{
    private const int DefaultPort = 6379;
    private const int DefaultMemcachedPort = 11211;
    private const int LongestUser = 256;

    /// <exception cref="BadUsageException">It is no such address; the message says what is wrong and never quotes a password.</exception>
    public static CacheUrl Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) || uri.Host.Length == 0 || Tls(uri.Scheme) is not { } isTls)
        {
            throw new BadUsageException("A cache is named as redis://host:port, or rediss://host:port for TLS, such as redis://localhost:6379; Memcached as memcached://host:port.");
        }

        if (uri.UserInfo.Contains(':', StringComparison.Ordinal))
        {
            throw new BadUsageException(
                "The address holds a password, which every user of this machine could read in the list of processes, and your shell keeps it. "
                + "Leave it out, and put the password into CACHE_BACKUP_PASSWORD or into a file (--password-file). If it was real, change it.");
        }

        if (uri.AbsolutePath is not ("/" or "") || uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            throw new BadUsageException(
                $"Leave out what follows {uri.Host}:{PortOf(uri)}: snapshots and restores are of whole caches, with all their databases.");
        }

        string? username = uri.UserInfo.Length == 0 ? null : Uri.UnescapeDataString(uri.UserInfo);
        return username is { Length: > LongestUser }
            ? throw new BadUsageException($"The user's name is longer than {LongestUser} characters.")
            : new CacheUrl(new CacheEndpoint(uri.IdnHost.Trim('[', ']'), PortOf(uri)), isTls, username, EngineOf(uri));
    }

    private static int PortOf(Uri uri) => uri.Port > 0 ? uri.Port : EngineOf(uri) is null ? DefaultPort : DefaultMemcachedPort;

    private static CacheEngine? EngineOf(Uri uri) => uri.Scheme is "memcached" or "memcacheds" ? CacheEngine.Memcached : null;

    private static bool? Tls(string scheme) => scheme switch
    {
        "redis" or "valkey" or "memcached" => false,
        "rediss" or "valkeys" or "memcacheds" => true,
        _ => null,
    };
}
