using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Snapshots;

/// <summary>
/// A list of keys that a slice left in the store, and how far the slices after it have come in it. Persisted in checkpoints.
/// </summary>
public sealed record KeyListPosition
{
    /// <summary>The list: an object of the slice's own, which nothing changes.</summary>
    public required ObjectKey Key { get; init; }

    public required long LengthBytes { get; init; }

    /// <summary>Of the whole list. No part of an object is checked by the store that reads it: what was read must come to this at the list's end.</summary>
    public required ulong Crc64 { get; init; }

    /// <summary>Where the first key stands that no slice has taken, 0 to <see cref="LengthBytes"/>.</summary>
    public required long OffsetBytes { get; init; }

    /// <summary>Of the bytes before <see cref="OffsetBytes"/>.</summary>
    public required ulong ReadCrc64 { get; init; }
}
