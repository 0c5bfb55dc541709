namespace CacheBackup.Core.Segments;

/// <summary>What a segment holds. Persisted by name in lower case: entries may be added, never changed.</summary>
public enum SegmentKind
{
    /// <summary>Everything before the first entry: magic, auxiliary fields, function libraries. Always the first segment.</summary>
    Header,

    /// <summary>Whole entries.</summary>
    Entries,

    /// <summary>One entry that is larger than the indexer's limit; a <see cref="LargeEntry"/> tells more.</summary>
    Large,

    /// <summary>The end opcode and the checksum. Always the last segment.</summary>
    Trailer,
}
