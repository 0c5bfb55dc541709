using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Segments;

/// <summary>
/// An entry that is a segment of its own. What stands here is what must be known before its value is streamed: how long the key and the stored value
/// are, and where. Offsets count from the start of the file.
/// </summary>
public sealed record LargeEntry
{
    /// <summary>The number of the segment that it is.</summary>
    public required int Segment { get; init; }

    /// <summary>Where the entry begins, with the opcodes that belong to it.</summary>
    public required long OffsetBytes { get; init; }

    /// <summary>Where its stored key begins; the type byte is the one before.</summary>
    public required long KeyOffsetBytes { get; init; }

    /// <summary>The key's length as a client knows it.</summary>
    public required int KeyLengthBytes { get; init; }

    public required long ValueOffsetBytes { get; init; }

    /// <summary>The stored value's length; a DUMP payload is 11 bytes longer.</summary>
    public required long ValueLengthBytes { get; init; }

    public required RdbType Type { get; init; }

    /// <summary>The number at the head of the value: see <see cref="RdbEntryEnd.ItemCount"/>.</summary>
    public required long ItemCount { get; init; }
}
