using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Tests.Rdb;

public sealed class LzfTests
{
    [Theory]
    [InlineData("0061", "a")]
    [InlineData("02616263", "abc")]
    [InlineData("0061 2000", "aaaa")]
    [InlineData("026162632002", "abcabc")]
    [InlineData("016162 8001", "abababab")]
    [InlineData("0061 e00000", "aaaaaaaaaa")]
    [InlineData("", "")]
    public void Text_is_expanded_whole_and_in_every_fragmentation(string compressed, string expected)
    {
        byte[] bytes = Convert.FromHexString(compressed.Replace(" ", string.Empty, StringComparison.Ordinal));
        Assert.Equal(expected, Whole(bytes, expected.Length));
        foreach (int[] cuts in Fragmented.EveryWay(bytes.Length))
        {
            Assert.Equal(expected, Parts(bytes, cuts, expected.Length));
        }
    }

    [Theory]
    [InlineData("05616263", 6)]
    [InlineData("2000", 3)]
    [InlineData("00612001", 4)]
    [InlineData("0061", 2)]
    [InlineData("02616263", 2)]
    [InlineData("0061e0", 10)]
    [InlineData("0061e000", 10)]
    [InlineData("006120", 4)]
    [InlineData("00612000", 3)]
    [InlineData("00612000", 5)]
    [InlineData("0061ff00ff", 300)]
    public void Damage_is_found_whole_and_in_every_fragmentation(string compressed, int length)
    {
        byte[] bytes = Convert.FromHexString(compressed);
        Assert.Null(Whole(bytes, length));
        foreach (int[] cuts in Fragmented.EveryWay(bytes.Length))
        {
            Assert.Null(Parts(bytes, cuts, length));
        }
    }

    [Fact]
    public void What_a_plain_compressor_makes_is_expanded_both_ways()
    {
        var random = new Random(31);
        for (int run = 0; run < 300; run++)
        {
            byte[] text = Repetitive(random, random.Next(1, 120_000));
            byte[] compressed = Compress(text);
            byte[] expanded = new byte[text.Length];

            Assert.True(Lzf.TryExpand(compressed, expanded));
            Assert.True(text.AsSpan().SequenceEqual(expanded));
            var parts = new List<byte>();
            var expander = new LzfExpander(p => parts.AddRange(p));
            expander.Begin();
            Fragmented.Feed(compressed, Fragmented.AtRandom(compressed.Length, random), m => Assert.True(expander.TryExpand(m.Span, text.Length)));
            Assert.True(expander.TryEnd(text.Length));
            Assert.True(text.AsSpan().SequenceEqual(parts.ToArray()));
        }
    }

    /// <summary>LZF by the book: the longest repetition that the last place with the same three bytes gives, else a literal.</summary>
    internal static byte[] Compress(byte[] text)
    {
        var output = new List<byte>();
        var literals = new List<byte>();
        var places = new Dictionary<int, int>();
        for (int at = 0; at < text.Length;)
        {
            int length = 0;
            int distance = 0;
            if (at + 3 <= text.Length)
            {
                int three = text[at] | (text[at + 1] << 8) | (text[at + 2] << 16);
                if (places.TryGetValue(three, out int place) && at - place <= Lzf.MaxDistance)
                {
                    distance = at - place;
                    while (length < 264 && at + length < text.Length && text[place + length] == text[at + length])
                    {
                        length++;
                    }
                }

                places[three] = at;
            }

            if (length < 3)
            {
                literals.Add(text[at++]);
                if (literals.Count == 32)
                {
                    Flush(output, literals);
                }

                continue;
            }

            Flush(output, literals);
            int high = (distance - 1) >> 8;
            output.AddRange(length - 2 < 7 ? [(byte)(((length - 2) << 5) | high)] : [(byte)((7 << 5) | high), (byte)(length - 9)]);
            output.Add((byte)(distance - 1));
            at += length;
        }

        Flush(output, literals);
        return [.. output];
    }

    private static void Flush(List<byte> output, List<byte> literals)
    {
        if (literals.Count > 0)
        {
            output.Add((byte)(literals.Count - 1));
            output.AddRange(literals);
            literals.Clear();
        }
    }

    private static byte[] Repetitive(Random random, int length)
    {
        byte[] text = new byte[length];
        for (int at = 0; at < length;)
        {
            int count = Math.Min(random.Next(1, 400), length - at);
            var target = text.AsSpan(at, count);
            if (at > 0 && random.Next(3) > 0)
            {
                int distance = random.Next(1, Math.Min(at, 10_000) + 1);
                for (int i = 0; i < count; i++)
                {
                    target[i] = text[at + i - distance];
                }
            }
            else
            {
                random.NextBytes(target);
            }

            at += count;
        }

        return text;
    }

    private static string? Whole(byte[] compressed, int length)
    {
        byte[] expanded = new byte[length];
        return Lzf.TryExpand(compressed, expanded) ? System.Text.Encoding.ASCII.GetString(expanded) : null;
    }

    private static string? Parts(byte[] compressed, int[] cuts, int length)
    {
        var text = new System.Text.StringBuilder();
        var expander = new LzfExpander(p => text.Append(System.Text.Encoding.ASCII.GetString(p)));
        expander.Begin();
        bool isGood = true;
        Fragmented.Feed(compressed, cuts, m => isGood = isGood && expander.TryExpand(m.Span, length));
        return isGood && expander.TryEnd(length) ? text.ToString() : null;
    }
}
