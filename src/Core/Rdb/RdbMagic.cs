namespace CacheBackup.Core.Rdb;

/// <summary>
/// What a data file is. For an RDB file the first letters say it, and decide what a type number or an opcode means: the families share
/// numbers.
/// </summary>
public enum RdbMagic : byte
{
    /// <summary><c>REDIS</c> and four digits: Redis OSS, and Valkey up to 8.</summary>
    Redis,

    /// <summary><c>VALKEY</c> and three digits: Valkey 9 and later.</summary>
    Valkey,

    /// <summary>No RDB file: a stream of Memcached's commands, which has no magic of its own. Values are as clients know them.</summary>
    Memcached,
}
