namespace CacheBackup.Core.Rdb;

/// <summary>How a string is stored.</summary>
internal enum StringForm : byte
{
    Raw,

    /// <summary>A number of 8, 16 or 32 bits; its text is the string.</summary>
    Number,

    /// <summary>LZF.</summary>
    Compressed,
}
