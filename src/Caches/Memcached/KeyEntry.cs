using System.Buffers.Binary;
using CacheBackup.Core.Memcached;

namespace CacheBackup.Caches.Memcached;

/// <summary>
/// How one key stands in a list of keys, on disk and in the store: its length (1 byte), the item's expiry and size (8 bytes each, little-endian),
/// the key.
/// </summary>
internal static class KeyEntry
{
    /// <summary>No entry is longer, whatever its first byte states.</summary>
    public const int MaxBytes = HeadBytes + byte.MaxValue;

    private const int HeadBytes = 1 + 8 + 8;

    /// <summary>Writes an entry.</summary>
    /// <param name="destination">At least <see cref="MaxBytes"/>.</param>
    /// <returns>Its length.</returns>
    public static int Write(ReadOnlySpan<byte> key, in MetadumpLine line, Span<byte> destination)
    {
        destination[0] = (byte)key.Length;
        BinaryPrimitives.WriteInt64LittleEndian(destination[1..], line.ExpireAtSeconds);
        BinaryPrimitives.WriteInt64LittleEndian(destination[9..], line.SizeBytes);
        key.CopyTo(destination[HeadBytes..]);
        return HeadBytes + key.Length;
    }

    /// <summary>The length of the entry that the bytes begin with; null: they are too few for it.</summary>
    public static int? FindLength(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= HeadBytes && bytes.Length >= HeadBytes + bytes[0] ? HeadBytes + bytes[0] : null;

    /// <summary>Adds the key of an entry to a batch.</summary>
    /// <returns>False: the batch is full without it.</returns>
    public static bool TryAddTo(KeyBatch batch, ReadOnlySpan<byte> entry) => batch.TryAdd(
        entry[HeadBytes..], BinaryPrimitives.ReadInt64LittleEndian(entry[1..]), BinaryPrimitives.ReadInt64LittleEndian(entry[9..]));
}
