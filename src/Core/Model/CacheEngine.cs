namespace CacheBackup.Core.Model;

/// <summary>The engine family of a cache. Persisted by name in lower case: entries may be added, never changed.</summary>
public enum CacheEngine
{
    Valkey,
    Redis,
    Memcached,
}
