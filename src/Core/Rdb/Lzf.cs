using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CacheBackup.Core.Rdb;

/// <summary>
/// LZF, as Redis compresses strings: a control byte below 32 announces that many plus one literal bytes; any other repeats earlier bytes, with
/// the length in its high three bits (and one more byte if they are all set) and the distance in 13 bits.
/// </summary>
internal static class Lzf
{
    /// <summary>The furthest that a repetition looks back.</summary>
    public const int MaxDistance = 1 << 13;

    /// <summary>The most literals that one control byte announces.</summary>
    private const int MostLiterals = 32;

    /// <summary>Expands the whole of <paramref name="compressed"/> into the whole of <paramref name="expanded"/>.</summary>
    /// <returns>False if the bytes are not a compression of exactly that many bytes.</returns>
    public static bool TryExpand(ReadOnlySpan<byte> compressed, Span<byte> expanded)
    {
        int from = 0;
        int to = 0;
        while (from < compressed.Length)
        {
            int control = compressed[from++];
            if (control < MostLiterals)
            {
                int literals = control + 1;
                if (literals > compressed.Length - from || literals > expanded.Length - to)
                {
                    return false;
                }

                CopyLiterals(compressed[from..], expanded[to..], literals);
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

    /// <summary>
    /// Copies so many literals, and where there is room the bytes behind them as well: what follows them is written over those, and one copy of a
    /// fixed size is much faster than one of a size that has to be looked at.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyLiterals(ReadOnlySpan<byte> from, Span<byte> to, int literals)
    {
        if (from.Length >= MostLiterals && to.Length >= MostLiterals)
        {
            Vector256.Create(from[..MostLiterals]).CopyTo(to);
        }
        else
        {
            from[..literals].CopyTo(to);
        }
    }

    /// <summary>Copies <paramref name="length"/> bytes from <paramref name="distance"/> back; the two may overlap, which repeats them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Repeat(Span<byte> bytes, int to, int distance, int length)
    {
        // In steps that are no longer than the distance nothing is read before it was written; the last one may reach beyond the length.
        if (distance >= Vector128<byte>.Count && length <= bytes.Length - to - Vector128<byte>.Count)
        {
            ref byte target = ref Unsafe.Add(ref MemoryMarshal.GetReference(bytes), to);
            ref byte source = ref Unsafe.Subtract(ref target, distance);
            for (nuint i = 0; i < (nuint)length; i += (nuint)Vector128<byte>.Count)
            {
                Vector128.LoadUnsafe(ref source, i).StoreUnsafe(ref target, i);
            }
        }
        else
        {
            RepeatExactly(bytes, to, distance, length);
        }
    }

    private static void RepeatExactly(Span<byte> bytes, int to, int distance, int length)
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
