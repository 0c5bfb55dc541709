using System.Buffers;

namespace CacheBackup.Core.Memcached;

/// <summary>Writes a stream of items, as <see cref="ItemStreamReader"/> reads it.</summary>
public static class ItemStreamWriter
{
    /// <summary>
    /// The first line and the last: a command that any server answers with <c>MN</c>. Whoever replays a stream learns from the first that
    /// it may, and from the last that everything before it was taken.
    /// </summary>
    public static ReadOnlySpan<byte> Edge => "mn\r\n"u8;

    /// <summary>What follows each value.</summary>
    public static ReadOnlySpan<byte> ValueEnd => "\r\n"u8;

    /// <summary>Writes one item whole.</summary>
    /// <returns>False: no command can name its key; nothing was written.</returns>
    public static bool TryWrite(IBufferWriter<byte> destination, ReadOnlySpan<byte> key, uint flags, long expireAtSeconds, ReadOnlySpan<byte> value)
    {
        Span<byte> name = stackalloc byte[ItemKey.MaxBytes];
        if (!ItemKey.TryName(key, name, out int length, out bool isEncoded))
        {
            return false;
        }

        Span<byte> line = destination.GetSpan(ItemHead.MaxLineBytes);
        destination.Advance(new ItemHead(value.Length, flags, expireAtSeconds).Write(name[..length], isEncoded, line));
        destination.Write(value);
        destination.Write(ValueEnd);
        return true;
    }
}
