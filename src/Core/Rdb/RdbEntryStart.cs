namespace CacheBackup.Core.Rdb;

/// <summary>
/// What stands before a value. Offsets count from the start of the file.
/// </summary>
/// <param name="Database">The database that the key is in.</param>
/// <param name="Type">How the value is stored.</param>
/// <param name="ExpireAtMilliseconds">Absolute, since 1970 in UTC; null: never.</param>
/// <param name="IdleSeconds">Since the last access, where the server keeps it.</param>
/// <param name="Frequency">The server's access counter, where it keeps one.</param>
/// <param name="OffsetBytes">Where the entry begins, with the expiry, idle, frequency and slot opcodes that belong to it.</param>
/// <param name="KeyOffsetBytes">Where its stored key begins, right after the type byte.</param>
/// <param name="ValueOffsetBytes">Where its stored value begins, right after the key.</param>
/// <param name="Flags">A Memcached item's flags, which are its client's; 0 elsewhere.</param>
public readonly record struct RdbEntryStart(
    int Database,
    RdbType Type,
    long? ExpireAtMilliseconds,
    long? IdleSeconds,
    byte? Frequency,
    long OffsetBytes,
    long KeyOffsetBytes,
    long ValueOffsetBytes,
    uint Flags = 0);
