namespace CacheBackup.Core.Rdb;

/// <summary>
/// How a value is stored: the byte before the key in an RDB file, and the first byte of a DUMP payload. 22 means one thing under Redis's
/// magic and another under Valkey's. (RDB value types; valkey and redis <c>src/rdb.h</c>.)
/// </summary>
public enum RdbType : byte
{
    String = 0,
    List = 1,
    Set = 2,

    /// <summary>Sorted set with scores as text (RDB 1–7).</summary>
    SortedSet = 3,
    Hash = 4,

    /// <summary>Sorted set with scores as eight bytes (RDB 8).</summary>
    SortedSet2 = 5,

    /// <summary>Modules of a release candidate of Redis 4.0. Its end cannot be found without the module: always refused.</summary>
    ModulePreRelease = 6,

    /// <summary>A module's value, with marks that let it be walked without the module.</summary>
    Module2 = 7,
    HashZipmap = 9,
    ListZiplist = 10,
    SetIntset = 11,
    SortedSetZiplist = 12,
    HashZiplist = 13,
    ListQuicklist = 14,
    Stream = 15,
    HashListpack = 16,
    SortedSetListpack = 17,
    ListQuicklist2 = 18,
    Stream2 = 19,
    SetListpack = 20,
    Stream3 = 21,

    /// <summary>
    /// A hash with expiring fields. Under <c>VALKEY</c> (9.0): field, value, expiry as eight bytes, −1 for none. Under <c>REDIS</c>
    /// (a release candidate of 7.4): absolute expiry as a length, 0 for none, field, value.
    /// </summary>
    HashWithFieldExpiry = 22,

    /// <summary>Listpack of field, value, expiry, as a release candidate of Redis 7.4 wrote it.</summary>
    HashListpackExpiryPreRelease = 23,

    /// <summary>A hash with expiring fields, Redis 7.4: the earliest expiry, then each field's relative to it.</summary>
    HashMetadata = 24,

    /// <summary>The earliest expiry, then a listpack of field, value, expiry (Redis 7.4).</summary>
    HashListpackExpiry = 25,
}
