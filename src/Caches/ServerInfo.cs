using System.Globalization;
using CacheBackup.Core.Model;

namespace CacheBackup.Caches;

/// <summary>What INFO says: lines of <c>name:value</c>, sections ignored. Names that a server does not know are simply absent.</summary>
internal sealed class ServerInfo
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    private ServerInfo()
    {
    }

    /// <summary>Valkey says so itself; everything else that answers INFO like Redis is Redis to us.</summary>
    public CacheEngine Engine => this["server_name"] == "valkey" || this["valkey_version"] is not null ? CacheEngine.Valkey : CacheEngine.Redis;

    /// <summary>The engine's own version: Valkey also gives the Redis version that it is compatible with.</summary>
    public CacheVersion? Version =>
        CacheVersion.TryParse(this[Engine == CacheEngine.Valkey ? "valkey_version" : "redis_version"], out CacheVersion version) ? version : null;

    public string? RunId => this["run_id"];

    public IEnumerable<KeyValuePair<string, string>> All => _values;

    public string? this[string name] => _values.GetValueOrDefault(name);

    public static ServerInfo Parse(string text)
    {
        var info = new ServerInfo();
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            int colon = line.IndexOf(':');
            if (colon > 0 && line[0] != '#')
            {
                info._values[line[..colon].ToString()] = line[(colon + 1)..].ToString();
            }
        }

        return info;
    }

    /// <summary>A number; <paramref name="absent"/> where the server does not give it.</summary>
    public long Number(string name, long absent = 0) =>
        long.TryParse(this[name], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) ? value : absent;

    public bool Flag(string name) => this[name] == "1";
}
