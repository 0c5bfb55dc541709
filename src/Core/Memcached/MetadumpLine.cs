using System.Buffers.Text;

namespace CacheBackup.Core.Memcached;

/// <summary>
/// One line of <c>lru_crawler metadump</c>: <c>key=… exp=… la=… cas=… fetch=… cls=… size=…</c>, the key percent-encoded (protocol.txt, "LRU
/// crawler"). Fields that are not used here may be any.
/// </summary>
/// <param name="KeyLengthBytes">How many bytes of the buffer the key took.</param>
/// <param name="ExpireAtSeconds">Absolute, as the server tells it; 0: never.</param>
/// <param name="SizeBytes">What the item takes in memory, with its header; 0: not told.</param>
public readonly record struct MetadumpLine(int KeyLengthBytes, long ExpireAtSeconds, long SizeBytes)
{
    /// <summary>Reads a line without its end.</summary>
    /// <param name="key">Takes the key: at least <see cref="ItemKey.MaxBytes"/>.</param>
    /// <returns>False: it is no such line.</returns>
    public static bool TryRead(ReadOnlySpan<byte> line, Span<byte> key, out MetadumpLine read)
    {
        read = default;
        if (!line.StartsWith("key="u8) || !TryDecode(ref line, key, out int keyLength))
        {
            return false;
        }

        long? expiry = Number(line, " exp="u8);
        if (expiry is not { } seconds)
        {
            return false;
        }

        read = new MetadumpLine(keyLength, Math.Max(seconds, 0), Math.Max(Number(line, " size="u8) ?? 0, 0));
        return true;
    }

    private static bool TryDecode(ref ReadOnlySpan<byte> line, Span<byte> key, out int length)
    {
        length = 0;
        int at = 4;
        while (at < line.Length && line[at] != ' ')
        {
            byte value = line[at++];
            if (value == '%')
            {
                if (line.Length - at < 2 || !TryHex(line[at], out int high) || !TryHex(line[at + 1], out int low))
                {
                    return false;
                }

                value = (byte)((high << 4) | low);
                at += 2;
            }

            if (length == ItemKey.MaxBytes)
            {
                return false;
            }

            key[length++] = value;
        }

        line = line[at..];
        return length > 0;
    }

    private static bool TryHex(byte digit, out int value)
    {
        value = digit switch
        {
            >= (byte)'0' and <= (byte)'9' => digit - '0',
            >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
            >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
            _ => -1,
        };
        return value >= 0;
    }

    /// <summary>Null: the field is not there, or is no number.</summary>
    private static long? Number(ReadOnlySpan<byte> fields, ReadOnlySpan<byte> name)
    {
        int at = fields.IndexOf(name);
        if (at < 0)
        {
            return null;
        }

        ReadOnlySpan<byte> text = fields[(at + name.Length)..];
        return Utf8Parser.TryParse(text, out long number, out int consumed) && (consumed == text.Length || text[consumed] == ' ') ? number : null;
    }
}
