using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Restores;

/// <summary>One entry of a backup on its way into a target.</summary>
public readonly record struct RestoreEntry
{
    public required int Database { get; init; }

    public required ReadOnlyMemory<byte> Key { get; init; }

    public required RdbVersion Version { get; init; }

    public required RdbType Type { get; init; }

    /// <summary>
    /// The serialized value without type byte and footer, or an item's own bytes; empty for one that follows in fragments.
    /// </summary>
    public ReadOnlyMemory<byte> Value { get; init; }

    /// <summary>Unix milliseconds; null: the key does not expire.</summary>
    public long? ExpireAtMilliseconds { get; init; }

    public long? IdleSeconds { get; init; }

    public byte? Frequency { get; init; }

    /// <summary>A Memcached item's flags, which are its client's; 0 elsewhere.</summary>
    public uint Flags { get; init; }

    /// <summary>An item of Memcached: its value is as clients know it.</summary>
    public bool IsItem => Version.Magic == RdbMagic.Memcached;

    /// <summary>Where the entry stands in its data file: what errors name, in place of the key.</summary>
    public required long OffsetBytes { get; init; }
}
