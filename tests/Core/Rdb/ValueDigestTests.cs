using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Tests.Rdb;

public sealed class ValueDigestTests
{
    private static readonly byte[] Long = [.. Enumerable.Range(0, 200_000).Select(i => (byte)(i % 251))];

    /// <summary>Values in every encoding there is; those of a line are the same to a client.</summary>
    private static IEnumerable<ValueBuilder[]> Same =>
    [
        [
            new ValueBuilder(RdbType.String).Texts("12345"),
            new ValueBuilder(RdbType.String).Int(12345),
            new ValueBuilder(RdbType.String).Literals("12345"u8.ToArray()),
            new ValueBuilder(RdbType.String, RdbMagic.Valkey).Raw(0x80, 0, 0, 0, 5).Raw("12345"u8.ToArray()),
        ],
        [new ValueBuilder(RdbType.String).Text(Long), new ValueBuilder(RdbType.String).Literals(Long)],
        [
            new ValueBuilder(RdbType.List).Number(4).Texts("a", "-7", "", "a"),
            new ValueBuilder(RdbType.List).Number(4).Texts("a").Int(-7).Texts("", "a"),
            new ValueBuilder(RdbType.ListZiplist).Text(Packed.Ziplist("a", -7, "", "a")),
            new ValueBuilder(RdbType.ListZiplist).Literals(Packed.Ziplist("a", "-7", "", "a")),
            new ValueBuilder(RdbType.ListQuicklist).Number(3).Text(Packed.Ziplist("a", -7)).Text(Packed.Ziplist()).Text(Packed.Ziplist("", "a")),
            new ValueBuilder(RdbType.ListQuicklist2).Number(2).Number(2).Text(Packed.Listpack("a", -7, "")).Number(1).Texts("a"),
            new ValueBuilder(RdbType.ListQuicklist2).Number(1).Number(2).Literals(Packed.Listpack("a", "-7", "", "a")),
        ],
        [
            new ValueBuilder(RdbType.Set).Number(3).Texts("5", "-70000", "300"),
            new ValueBuilder(RdbType.Set).Number(3).Int(300).Int(5).Int(-70000),
            new ValueBuilder(RdbType.SetIntset).Text(Packed.Intset(4, -70000, 5, 300)),
            new ValueBuilder(RdbType.SetIntset).Text(Packed.Intset(8, -70000, 5, 300)),
            new ValueBuilder(RdbType.SetListpack).Text(Packed.Listpack(300, -70000, 5)),
        ],
        [
            new ValueBuilder(RdbType.SortedSet).Number(3).Texts("a", "1.5", "b").Raw(255).Texts("c", "3"),
            new ValueBuilder(RdbType.SortedSet2).Number(3).Texts("c").Double(3).Texts("a").Double(1.5).Texts("b").Double(double.NegativeInfinity),
            new ValueBuilder(RdbType.SortedSetZiplist).Text(Packed.Ziplist("b", "-inf", "a", "1.5", "c", 3)),
            new ValueBuilder(RdbType.SortedSetListpack).Text(Packed.Listpack("b", "-inf", "a", "1.5", "c", "3.0")),
        ],
        [
            new ValueBuilder(RdbType.Hash).Number(2).Texts("f", "1").Texts("g", "w"),
            new ValueBuilder(RdbType.Hash).Number(2).Texts("g", "w").Texts("f").Int(1),
            new ValueBuilder(RdbType.HashZipmap).Text(Packed.Zipmap("f", "1", "g", "w")),
            new ValueBuilder(RdbType.HashZiplist).Text(Packed.Ziplist("f", 1, "g", "w")),
            new ValueBuilder(RdbType.HashListpack).Text(Packed.Listpack("g", "w", "f", 1)),
            new ValueBuilder(RdbType.HashWithFieldExpiry, RdbMagic.Valkey).Number(2).Texts("f", "1").Eight(-1).Texts("g", "w").Eight(-1),
            new ValueBuilder(RdbType.HashMetadata).Eight(1000).Number(2).Number(0).Texts("f", "1").Number(0).Texts("g", "w"),
            new ValueBuilder(RdbType.HashListpackExpiry).Eight(1000).Text(Packed.Listpack("f", 1, 0, "g", "w", 0)),
        ],
        [
            new ValueBuilder(RdbType.HashWithFieldExpiry, RdbMagic.Valkey).Number(2).Texts("f", "1").Eight(1_900_000_000_123).Texts("g", "w").Eight(-1),
            new ValueBuilder(RdbType.HashWithFieldExpiry).Number(2).Number(0).Texts("g", "w").Number(1_900_000_000_123).Texts("f", "1"),
            new ValueBuilder(RdbType.HashListpackExpiryPreRelease).Text(Packed.Listpack("f", 1, 1_900_000_000_123, "g", "w", 0)),
            new ValueBuilder(RdbType.HashMetadata).Eight(1_900_000_000_123).Number(2).Number(1).Texts("f", "1").Number(0).Texts("g", "w"),
            new ValueBuilder(RdbType.HashMetadata).Eight(1_900_000_000_100).Number(2).Number(24).Texts("f", "1").Number(0).Texts("g", "w"),
            new ValueBuilder(RdbType.HashListpackExpiry).Eight(1_900_000_000_123).Text(Packed.Listpack("f", 1, 1_900_000_000_123, "g", "w", 0)),
        ],
        [StreamValue(RdbType.Stream), StreamValue(RdbType.Stream2), StreamValue(RdbType.Stream3)],
        [new ValueBuilder(RdbType.Module2).Number(77).Number(2).Number(5).Number(0)],

        // Near misses, each unlike all the others.
        [new ValueBuilder(RdbType.List).Number(3).Texts("a", "-7", "")],
        [new ValueBuilder(RdbType.List).Number(4).Texts("a", "", "-7", "a")],
        [new ValueBuilder(RdbType.List).Number(4).Texts("a-", "7", "", "a")],
        [new ValueBuilder(RdbType.List).Number(3).Texts("5", "-70000", "300")],
        [new ValueBuilder(RdbType.Set).Number(1).Texts("12345")],
        [new ValueBuilder(RdbType.Set).Number(2).Texts("5", "300")],
        [new ValueBuilder(RdbType.SortedSet2).Number(3).Texts("c").Double(1.5).Texts("a").Double(3).Texts("b").Double(double.NegativeInfinity)],
        [new ValueBuilder(RdbType.Hash).Number(2).Texts("f", "w").Texts("g", "1")],
        [new ValueBuilder(RdbType.Hash).Number(2).Texts("1", "f").Texts("w", "g")],
        [new ValueBuilder(RdbType.HashWithFieldExpiry, RdbMagic.Valkey).Number(2).Texts("f", "1").Eight(1_900_000_000_124).Texts("g", "w").Eight(-1)],
        [new ValueBuilder(RdbType.HashWithFieldExpiry, RdbMagic.Valkey).Number(2).Texts("f", "1").Eight(-1).Texts("g", "w").Eight(1_900_000_000_123)],
        [new ValueBuilder(RdbType.HashWithFieldExpiry, RdbMagic.Valkey).Number(2).Texts("f", "1").Eight(0).Texts("g", "w").Eight(-1)],
        [new ValueBuilder(RdbType.Module2).Number(77).Number(2).Number(6).Number(0)],
        [new ValueBuilder(RdbType.String).Text(Long[1..])],
    ];

    [Fact]
    public void Values_that_a_client_cannot_tell_apart_have_one_digest_and_all_others_another()
    {
        var seen = new Dictionary<ValueDigest, string>();
        foreach (var line in Same)
        {
            var digest = line[0].Digest();
            Assert.All(line, value => Assert.Equal(digest, value.Digest()));
            Assert.True(seen.TryAdd(digest, line[0].ToString()), $"{line[0]} has the digest of {seen.GetValueOrDefault(digest)}");
        }
    }

    [Fact]
    public void Every_fragmentation_makes_the_same_digest()
    {
        var digester = new ValueDigester();
        foreach (var value in Same.SelectMany(line => line))
        {
            byte[] bytes = value.Bytes;
            var expected = value.Digest();
            var ways = bytes.Length < 1000 ? Fragmented.EveryWay(bytes.Length) : [[1], [1, 2, 3, 4, 5, 6], [70_000], [65_540, 65_541, 190_000]];
            foreach (int[] cuts in ways)
            {
                digester.Begin(value.Magic, value.Type);
                Fragmented.Feed(bytes, cuts, m => digester.Append(m.Span));
                Assert.Equal(expected, digester.Complete());
            }
        }
    }

    [Fact]
    public void Digests_are_frozen()
    {
        // They are compared between runs of different versions of this program.
        string[] digests = [.. Same.Take(9).Select(line => line[0].Digest().ToString())];
        Assert.Equal("b5bddc46 ac9109a1 16b0d8b5 240727f8 7efb74d5 1b35bfe5 3d7fcb27 342ea2ac 59208027", string.Join(' ', digests.Select(d => d[..8])));
    }

    [Fact]
    public void Text_of_a_digest_is_read_back()
    {
        var digest = new ValueDigest(0x0123456789abcdef, 0xfedcba9876543210);

        Assert.Equal("0123456789abcdeffedcba9876543210", digest.ToString());
        Assert.True(ValueDigest.TryParse(digest.ToString(), out var read));
        Assert.Equal(digest, read);
        Assert.False(ValueDigest.TryParse("0123", out _));
        Assert.False(ValueDigest.TryParse(null, out _));
        Assert.False(ValueDigest.TryParse("0123456789abcdeffedcba987654321g", out _));
    }

    /// <summary>Two entries and a deleted one, a group at the first entry, one pending entry; counters as a server derives them for version 1.</summary>
    internal static ValueBuilder StreamValue(RdbType type)
    {
        var value = new ValueBuilder(type).Number(1).Number(16).Id(100, 0).Text(Packed.Listpack(
            2, 1, 1, "field", 0,
            2, 0, 0, "v0", 4,
            3, 0, 1, "gone", 4,
            0, 5, 0, 1, "other", "v2", 6));
        value.Number(2).Number(105).Number(0);
        if (type != RdbType.Stream)
        {
            value.Number(100).Number(0).Number(0).Number(0).Number(2);
        }

        value.Number(1).Texts("group").Number(100).Number(0);
        if (type != RdbType.Stream)
        {
            value.Number(1);
        }

        value.Number(1).Id(100, 0).Eight(1_700_000_000_000).Number(3).Number(1).Texts("alice").Eight(1_700_000_000_500);
        if (type == RdbType.Stream3)
        {
            value.Eight(1_700_000_000_400);
        }

        return value.Number(1).Id(100, 0);
    }
}
