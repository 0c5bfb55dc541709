namespace CacheBackup.Core.Rdb;

/// <summary>What stands where a value type could: everything in an RDB file that is not an entry.</summary>
public enum RdbOpcode : byte
{
    /// <summary>A slot import under way (Valkey 9 only).</summary>
    SlotImport = 243,

    /// <summary>A slot's number and sizes, a hint (Redis 7.4 and Valkey 9).</summary>
    SlotInfo = 244,

    /// <summary>The source of a function library (Redis 7.0).</summary>
    Function = 245,

    /// <summary>A function library of a release candidate of Redis 7.0: refused, as every server refuses it.</summary>
    FunctionPreRelease = 246,
    ModuleAuxiliary = 247,

    /// <summary>Seconds since the last access of the key that follows.</summary>
    Idle = 248,

    /// <summary>Access frequency of the key that follows.</summary>
    Frequency = 249,

    /// <summary>A name and a value about the file.</summary>
    Auxiliary = 250,

    /// <summary>The numbers of keys and of expiring keys in the database, a hint.</summary>
    ResizeDatabase = 251,
    ExpireMilliseconds = 252,
    ExpireSeconds = 253,
    SelectDatabase = 254,
    End = 255,
}
