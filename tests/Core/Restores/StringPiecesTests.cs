using System.Buffers.Binary;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Restores;

namespace CacheBackup.Core.Tests.Restores;

public sealed class StringPiecesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(1_000)]
    [InlineData(StringPieces.PieceBytes)]
    [InlineData(StringPieces.PieceBytes + 1)]
    [InlineData((3 * StringPieces.PieceBytes) + 17)]
    public void Raw_string_comes_out_as_it_is(int length)
    {
        byte[] text = new byte[length];
        new Random(length).NextBytes(text);
        byte[] stored = [0x80, 0, 0, 0, 0, .. text];
        BinaryPrimitives.WriteInt32BigEndian(stored.AsSpan(1), length);
        Assert.Equal(text, Expand(stored, new Random(1)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Compressed_string_comes_out_as_the_whole_expansion_does(int seed)
    {
        byte[] stored = Compress(new Random(seed), atLeastBytes: (3 * StringPieces.PieceBytes) + seed, out byte[] text);
        Assert.Equal(text, Expand(stored, new Random(seed)));
    }

    [Fact]
    public void A_string_that_ends_early_or_late_is_refused()
    {
        byte[] stored = Compress(new Random(4), atLeastBytes: 5_000, out _);
        stored[^1] ^= 1;
        stored[7]++;
        Assert.Throws<RdbFormatException>(() => Expand(stored, new Random(1)));
    }

    [Fact]
    public void A_repetition_of_what_never_was_is_refused()
    {
        // Two bytes: repeat from 8,192 back.
        byte[] stored = [0xc3, 2, 3, 0b0011_1111, 0xff];
        Assert.Throws<RdbFormatException>(() => Expand(stored, new Random(1)));
    }

    [Fact]
    public void A_number_is_no_string_in_pieces() => Assert.Throws<RdbFormatException>(() => Expand([0xc0, 5], new Random(1)));

    private static byte[] Expand(byte[] stored, Random random)
    {
        var pieces = new StringPieces(stored.Length, offsetBytes: 77);
        var text = new MemoryStream();
        ReadOnlySpan<byte> rest = stored;
        while (!rest.IsEmpty)
        {
            ReadOnlySpan<byte> fragment = rest[..Math.Min(rest.Length, 1 + random.Next(100_000))];
            rest = rest[fragment.Length..];
            while (!fragment.IsEmpty)
            {
                fragment = fragment[pieces.Take(fragment)..];
                if (pieces.HasPiece)
                {
                    Assert.InRange(pieces.Piece.Length, StringPieces.PieceBytes, 2 * StringPieces.PieceBytes);
                    text.Write(pieces.Piece.Span);
                    pieces.Release();
                }
            }
        }

        pieces.RequireWhole();
        text.Write(pieces.Piece.Span);
        Assert.Equal(text.Length, pieces.LengthBytes);
        return text.ToArray();
    }

    /// <summary>A random LZF stream of literals and repetitions, near and far, short and long; and what it stands for.</summary>
    private static byte[] Compress(Random random, int atLeastBytes, out byte[] text)
    {
        var expanded = new List<byte>();
        var stored = new List<byte>();
        while (expanded.Count < atLeastBytes)
        {
            if (expanded.Count == 0 || random.Next(3) == 0)
            {
                byte[] literals = new byte[1 + random.Next(32)];
                random.NextBytes(literals);
                stored.Add((byte)(literals.Length - 1));
                stored.AddRange(literals);
                expanded.AddRange(literals);
                continue;
            }

            int distance = 1 + random.Next(Math.Min(expanded.Count, random.Next(2) == 0 ? 8 : 8_192));
            int length = 3 + random.Next(262);
            int code = length - 2;
            int far = distance - 1;
            stored.Add((byte)((Math.Min(code, 7) << 5) | (far >> 8)));
            if (code >= 7)
            {
                stored.Add((byte)(code - 7));
            }

            stored.Add((byte)far);
            for (int i = 0; i < length; i++)
            {
                expanded.Add(expanded[^distance]);
            }
        }

        byte[] head = [0xc3, 0x80, 0, 0, 0, 0, 0x80, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(2), stored.Count);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(7), expanded.Count);
        text = [.. expanded];
        return [.. head, .. stored];
    }
}
