namespace CacheBackup.Core.Rdb;

/// <summary>The first letters of an RDB file. They decide what a type number or an opcode means: the families share numbers.</summary>
public enum RdbMagic : byte
{
    /// <summary><c>REDIS</c> and four digits: Redis OSS, and Valkey up to 8.</summary>
    Redis,

    /// <summary><c>VALKEY</c> and three digits: Valkey 9 and later.</summary>
    Valkey,
}
