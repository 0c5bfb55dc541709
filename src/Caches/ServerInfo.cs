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

    /// <summary>A module is loaded: <c>module:name=…</c>.</summary>
    public bool HasModules => this["module"] is not null;

    /// <summary>Every database that holds keys: its number, its keys, and those of them with an expiry (<c>db0:keys=2,expires=1,avg_ttl=0</c>).</summary>
    public IEnumerable<(int Number, long Keys, long Expiring)> Databases
    {
        get
        {
            foreach ((string name, string value) in _values)
            {
                if (name.StartsWith("db", StringComparison.Ordinal) && int.TryParse(name.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out int number))
                {
                    yield return (number, Field(value, "keys="), Field(value, "expires="));
                }
            }
        }
    }

    /// <summary>
    /// The replicas of this node (<c>slave0:ip=10.0.0.5,port=6379,state=online,offset=70,lag=1</c>); what names no place is left out.
    /// </summary>
    public IEnumerable<ReplicaLink> Replicas
    {
        get
        {
            for (int i = 0; this[string.Create(CultureInfo.InvariantCulture, $"slave{i}")] is { } fields; i++)
            {
                if (Text(fields, "ip=") is { Length: > 0 } host && Field(fields, "port=") is >= 1 and <= 65535 and var port)
                {
                    yield return new ReplicaLink(new CacheEndpoint(host, (int)port), Text(fields, "state=") == "online", Field(fields, "offset="));
                }
            }
        }
    }

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

    /// <summary>How often a command ran, as section commandstats counts (<c>cmdstat_flushall:calls=1,usec=…</c>); 0 where it never did.</summary>
    public long Calls(string command) => this["cmdstat_" + command] is { } fields ? Field(fields, "calls=") : 0;

    public bool Flag(string name) => this[name] == "1";

    private static long Field(string fields, string name) =>
        long.TryParse(Text(fields, name), NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : 0;

    private static string? Text(string fields, string name) =>
        Array.Find(fields.Split(','), field => field.StartsWith(name, StringComparison.Ordinal))?[name.Length..];
}
