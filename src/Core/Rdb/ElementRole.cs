namespace CacheBackup.Core.Rdb;

/// <summary>What a text inside of a value is.</summary>
public enum ElementRole : byte
{
    /// <summary>The value of a string key.</summary>
    StringValue,
    ListElement,
    SetMember,

    /// <summary>Followed by its score.</summary>
    SortedSetMember,

    /// <summary>Followed by its value.</summary>
    HashField,

    /// <summary>Followed by its field's expiry, if that has one.</summary>
    HashValue,

    /// <summary>A field's name in a stream's entry; followed by its value.</summary>
    StreamField,
    StreamValue,
}
