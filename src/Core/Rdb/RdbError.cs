namespace CacheBackup.Core.Rdb;

/// <summary>Why bytes are not a good RDB file, value or payload. Persisted by name: entries may be added, never changed.</summary>
public enum RdbError
{
    /// <summary>The file does not begin with <c>REDIS</c> and four digits or <c>VALKEY</c> and three.</summary>
    BadMagic,

    /// <summary>A version of the format that is not known here.</summary>
    UnsupportedVersion,

    /// <summary>The bytes end where more must follow.</summary>
    UnexpectedEnd,

    /// <summary>Bytes follow where the file or value ends.</summary>
    TrailingBytes,

    /// <summary>The CRC-64 at the end is not that of the bytes before it.</summary>
    ChecksumMismatch,

    /// <summary>A byte that is neither an opcode nor a value type.</summary>
    UnknownOpcode,

    /// <summary>A value type that the file's version does not define or that is not known here.</summary>
    UnknownType,

    /// <summary>Functions as a release candidate of Redis 7.0 stored them.</summary>
    FunctionPreRelease,

    /// <summary>A module value as a release candidate of Redis 4.0 stored it.</summary>
    ModulePreRelease,

    /// <summary>A length with a first byte that no version defines.</summary>
    BadLength,

    /// <summary>A length larger than what can still follow, or than any server allows.</summary>
    LengthTooLarge,

    /// <summary>A string with an encoding that no version defines.</summary>
    BadStringEncoding,

    /// <summary>A compressed string that does not expand to the length that it states.</summary>
    BadCompression,

    /// <summary>A key longer than the reader's limit.</summary>
    KeyTooLong,

    /// <summary>An auxiliary field, library or encoded value longer than the reader's limit.</summary>
    TextTooLong,

    /// <summary>A database number that no server has, or more databases (65,536) than are counted.</summary>
    BadDatabase,

    /// <summary>An expiry, idle time or frequency that is followed by no entry, or is given twice.</summary>
    DanglingAttribute,

    /// <summary>A mark inside a module's data that no version defines.</summary>
    BadModuleData,

    /// <summary>A collection without an element; servers never keep one.</summary>
    EmptyValue,

    /// <summary>An intset whose sizes disagree or whose numbers are not in order.</summary>
    BadIntset,

    /// <summary>A listpack whose sizes, counts or entries disagree.</summary>
    BadListpack,

    /// <summary>A ziplist whose sizes, counts or entries disagree.</summary>
    BadZiplist,

    /// <summary>A zipmap whose sizes, counts or entries disagree.</summary>
    BadZipmap,

    /// <summary>A quicklist node that is neither plain nor packed, or is empty.</summary>
    BadQuicklist,

    /// <summary>A stream whose entries, counts, groups or pending entries disagree.</summary>
    BadStream,

    /// <summary>A score that is not a number.</summary>
    BadScore,

    /// <summary>A field's expiry outside what a server can hold, or out of order.</summary>
    BadFieldExpiry,

    /// <summary>The same field, member, group or consumer twice.</summary>
    DuplicateElement,

    /// <summary>A payload too short to hold a type, a value and a footer.</summary>
    BadPayload,

    /// <summary>A line, key, number or line end that a stream of Memcached's items does not have there.</summary>
    BadItem,
}
