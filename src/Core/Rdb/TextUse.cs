namespace CacheBackup.Core.Rdb;

/// <summary>What a stored string inside of a value is to a <see cref="ValueDecoder"/>.</summary>
internal enum TextUse : byte
{
    /// <summary>A text of its own.</summary>
    Element,

    /// <summary>A ziplist, listpack, intset or zipmap of elements.</summary>
    Blob,

    /// <summary>Part of a stream: the key or entries of a node, the name of a group or consumer.</summary>
    Stream,

    /// <summary>A module's own.</summary>
    Opaque,
}
