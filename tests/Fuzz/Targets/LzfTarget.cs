using System.Buffers;
using System.Buffers.Binary;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Restores;

namespace CacheBackup.Fuzz.Targets;

/// <summary>
/// A compressed text: two bytes for the length that it states, then the text. All three that expand it agree, however it is cut.
/// </summary>
internal static class LzfTarget
{
    private const int HeadBytes = sizeof(ushort);

    public static void Run(byte[] input)
    {
        if (input.Length <= HeadBytes)
        {
            return;
        }

        // Lengths around those at which the buffer of the one that streams is full.
        int length = BinaryPrimitives.ReadUInt16LittleEndian(input) * ((input[^1] & 1) + 1);
        byte[] stored = input[HeadBytes..];
        byte[] expanded = new byte[length];
        bool isGood = Lzf.TryExpand(stored, expanded);
        foreach (int[] cuts in Cuts.Of(stored))
        {
            byte[]? streamed = Stream(stored, length, cuts);
            Promise.Keep(streamed is not null == isGood, $"Streamed it is {(streamed is null ? "refused" : "taken")}; whole it is not");
            Promise.Keep(!isGood || streamed.AsSpan().SequenceEqual(expanded), "Streamed it is another text");
        }

        // A restore makes room for a piece of 1 MiB: too slow for every input that is refused anyway.
        if (length > 0 && (isGood || input[0] == 0))
        {
            byte[]? pieces = Pieces(stored, length, Cuts.Of(stored).Last());
            Promise.Keep(pieces is null || isGood, "In pieces it is taken; whole it is not");
            Promise.Keep(pieces is null || pieces.AsSpan().SequenceEqual(expanded), "In pieces it is another text");
        }
    }

    private static byte[]? Stream(byte[] stored, int length, int[] cuts)
    {
        var text = new ArrayBufferWriter<byte>();
        var expander = new LzfExpander(text.Write);
        expander.Begin();
        bool isGood = true;
        Cuts.Feed(stored, cuts, chunk => isGood = isGood && expander.TryExpand(chunk, length));
        Promise.Keep(text.WrittenCount <= length, "More was given than the stated length");
        return isGood && expander.TryEnd(length) ? text.WrittenSpan.ToArray() : null;
    }

    /// <summary>As a restore reads a string too long for one command.</summary>
    private static byte[]? Pieces(byte[] stored, int length, int[] cuts)
    {
        byte[] text = [0xc3, .. Number(stored.Length), .. Number(length), .. stored];
        var whole = new ArrayBufferWriter<byte>();
        var pieces = new StringPieces(text.Length, 0);
        try
        {
            Cuts.Feed(text, cuts, chunk =>
            {
                while (!chunk.IsEmpty)
                {
                    chunk = chunk[pieces.Take(chunk)..];
                    if (pieces.HasPiece)
                    {
                        whole.Write(pieces.Piece.Span);
                        pieces.Release();
                    }
                }
            });
            pieces.RequireWhole();
        }
        catch (RdbFormatException)
        {
            return null;
        }

        whole.Write(pieces.Piece.Span);
        return whole.WrittenSpan.ToArray();
    }

    private static byte[] Number(int number)
    {
        byte[] bytes = new byte[5];
        bytes[0] = 0x80;
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(1), number);
        return bytes;
    }
}
