namespace CacheBackup.Core.Rdb;

/// <summary>
/// LZF, as Redis compresses strings: a control byte below 32 announces that many plus one literal bytes; any other repeats earlier bytes, with
/// the length in its high three bits (and one more byte if they are all set) and the distance in 13 bits.
/// </summary>
internal static class Lzf
{
    /// <summary>The furthest that a repetition looks back.</summary>
    public const int MaxDistance = 1 << 13;

    /// <summary>Expands the whole of <paramref name="compressed"/> into the whole of <paramref name="expanded"/>.</summary>
    /// <returns>False if the bytes are not a compression of exactly that many bytes.</returns>
    public static bool TryExpand(ReadOnlySpan<byte> compressed, Span<byte> expanded)
    {
        int from = 0;
        int to = 0;
        while (from < compressed.Length)
        {
            int control = compressed[from++];
            if (control < 32)
            {
                int literals = control + 1;
                if (literals > compressed.Length - from || literals > expanded.Length - to)
                {
                    return false;
                }

                compressed.Slice(from, literals).CopyTo(expanded[to..]);
                from += literals;
                to += literals;
                continue;
            }

            int length = control >> 5;
            if (compressed.Length - from < (length == 7 ? 2 : 1))
            {
                return false;
            }

            if (length == 7)
            {
                length += compressed[from++];
            }

            length += 2;
            int distance = (((control & 31) << 8) | compressed[from++]) + 1;
            if (distance > to || length > expanded.Length - to)
            {
                return false;
            }

            Repeat(expanded, to, distance, length);
            to += length;
        }

        return to == expanded.Length;
    }

    /// <summary>Copies <paramref name="length"/> bytes from <paramref name="distance"/> back; the two may overlap, which repeats them.</summary>
    private static void Repeat(Span<byte> bytes, int to, int distance, int length)
    {
        if (distance >= length)
        {
            bytes.Slice(to - distance, length).CopyTo(bytes[to..]);
        }
        else if (distance == 1)
        {
            bytes.Slice(to, length).Fill(bytes[to - 1]);
        }
        else
        {
            var source = bytes.Slice(to - distance, length);
            var target = bytes.Slice(to, length);
            for (int i = 0; i < length; i++)
            {
                target[i] = source[i];
            }
        }
    }
}
