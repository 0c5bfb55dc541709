using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Tests.Rdb;

/// <summary>Each way in which the inside of a value can contradict itself has its code.</summary>
public sealed class ValueDamageTests
{
    private static readonly byte[] GoodListpack = Packed.Listpack("field", "value", "other", 5);
    private static readonly byte[] GoodZiplist = Packed.Ziplist("field", "value", "other", 5);

    [Fact]
    public void The_values_that_damage_is_made_of_are_good()
    {
        Assert.Equal("HashField field\nHashValue value\nHashField other\nHashValue 5\n", Hash(GoodListpack).Decode());
        Assert.Equal("HashField field\nHashValue value\nHashField other\nHashValue 5\n", new ValueBuilder(RdbType.HashZiplist).Text(GoodZiplist).Decode());
        Assert.Equal("SetMember -5\nSetMember 7\n", new ValueBuilder(RdbType.SetIntset).Text(Packed.Intset(2, -5, 7)).Decode());
        Assert.Equal("HashField f\nHashValue v\n", new ValueBuilder(RdbType.HashZipmap).Text(Packed.Zipmap("f", "v")).Decode());
        Assert.Contains("owns 100-0", ValueDigestTests.StreamValue(RdbType.Stream3).Decode(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(4, 1)]
    [InlineData(6, 0x7f)]
    [InlineData(12, 1)]
    [InlineData(-1, 1)]
    [InlineData(-3, 0x80)]
    public void A_listpack_that_contradicts_itself_is_refused(int at, byte change) =>
        Assert.Equal(RdbError.BadListpack, Hash(Changed(GoodListpack, at, change)).Error().Code);

    [Fact]
    public void A_listpack_of_an_odd_number_is_no_hash_and_no_sorted_set()
    {
        Assert.Equal(RdbError.BadListpack, Hash(Packed.Listpack("a", "b", "c")).Error().Code);
        Assert.Equal(RdbError.BadListpack, new ValueBuilder(RdbType.SortedSetListpack).Text(Packed.Listpack("a")).Error().Code);
        Assert.Equal(RdbError.BadListpack, new ValueBuilder(RdbType.HashListpackExpiry).Eight(1).Text(Packed.Listpack("a", "b")).Error().Code);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(4, 1)]
    [InlineData(5, 1)]
    [InlineData(8, 1)]
    [InlineData(11, 0x3f)]
    [InlineData(17, 1)]
    [InlineData(-1, 1)]
    [InlineData(-2, 0x06)]
    public void A_ziplist_that_contradicts_itself_is_refused(int at, byte change) =>
        Assert.Equal(RdbError.BadZiplist, new ValueBuilder(RdbType.HashZiplist).Text(Changed(GoodZiplist, at, change)).Error().Code);

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 0x40)]
    [InlineData(3, 0x40)]
    [InlineData(-1, 1)]
    public void A_zipmap_that_contradicts_itself_is_refused(int at, byte change) =>
        Assert.Equal(RdbError.BadZipmap, new ValueBuilder(RdbType.HashZipmap).Text(Changed(Packed.Zipmap("f", "v"), at, change)).Error().Code);

    [Fact]
    public void An_intset_that_contradicts_itself_is_refused()
    {
        foreach (byte[] intset in (byte[][])
            [
                Packed.Intset(2, 7, 5), Packed.Intset(2, 5, 5), Packed.Intset(3, 5), Packed.Intset(2, 5)[..^1], [.. Packed.Intset(2, 5), 0], [2, 0, 0, 0],
                Changed(Packed.Intset(2, 5, 6), 7, 0x80),
            ])
        {
            Assert.Equal(RdbError.BadIntset, new ValueBuilder(RdbType.SetIntset).Text(intset).Error().Code);
        }
    }

    [Fact]
    public void What_occurs_twice_is_refused_in_every_encoding()
    {
        byte[] twice = [.. Enumerable.Repeat((byte)'x', 70_000)];
        foreach (var value in (ValueBuilder[])
            [
                new ValueBuilder(RdbType.Set).Number(2).Texts("5").Int(5),
                new ValueBuilder(RdbType.Set).Number(2).Text(twice).Literals(twice),
                new ValueBuilder(RdbType.SetListpack).Text(Packed.Listpack(5, "5")),
                new ValueBuilder(RdbType.Hash).Number(2).Texts("f", "1", "f", "2"),
                Hash(Packed.Listpack("f", 1, "f", 2)),
                new ValueBuilder(RdbType.HashZiplist).Text(Packed.Ziplist("f", 1, "f", 2)),
                new ValueBuilder(RdbType.HashZipmap).Text(Packed.Zipmap("f", "1", "f", "2")),
                new ValueBuilder(RdbType.HashMetadata).Eight(5).Number(2).Number(1).Texts("f", "1").Number(0).Texts("f", "2"),
                new ValueBuilder(RdbType.SortedSet2).Number(2).Texts("m").Double(1).Texts("m").Double(2),
                new ValueBuilder(RdbType.SortedSetListpack).Text(Packed.Listpack("m", 1, "m", 2)),
            ])
        {
            Assert.Equal(RdbError.DuplicateElement, value.Error().Code);
            Assert.Equal(RdbError.DuplicateElement, Assert.Throws<RdbFormatException>(() => value.Decode(1)).Code);
        }
    }

    [Fact]
    public void Many_elements_are_told_apart()
    {
        var value = new ValueBuilder(RdbType.Set).Number(20_000);
        for (int i = 0; i < 20_000; i++)
        {
            value.Int(i);
        }

        Assert.Equal(20_000, value.Decode().Count(c => c == '\n'));
        Assert.Equal(RdbError.DuplicateElement, new ValueBuilder(RdbType.Set).Number(20_001).Raw(value.Bytes[5..]).Int(77).Error().Code);
    }

    [Fact]
    public void A_collection_without_elements_is_refused()
    {
        foreach (var value in (ValueBuilder[])
            [
                new ValueBuilder(RdbType.List).Number(0), new ValueBuilder(RdbType.Set).Number(0), new ValueBuilder(RdbType.Hash).Number(0),
                new ValueBuilder(RdbType.SortedSet2).Number(0), new ValueBuilder(RdbType.ListQuicklist2).Number(0),
                new ValueBuilder(RdbType.ListQuicklist).Number(1).Text(Packed.Ziplist()), new ValueBuilder(RdbType.SetListpack).Text(Packed.Listpack()),
                Hash(Packed.Listpack()), new ValueBuilder(RdbType.SetIntset).Text(Packed.Intset(2)), new ValueBuilder(RdbType.HashZipmap).Text(Packed.Zipmap()),
                new ValueBuilder(RdbType.SortedSetZiplist).Text(Packed.Ziplist()), new ValueBuilder(RdbType.HashMetadata).Eight(1).Number(0),
            ])
        {
            Assert.Equal(RdbError.EmptyValue, value.Error().Code);
        }
    }

    [Fact]
    public void A_score_that_is_no_number_is_refused()
    {
        foreach (var value in (ValueBuilder[])
            [
                new ValueBuilder(RdbType.SortedSet2).Number(1).Texts("m").Double(double.NaN),
                new ValueBuilder(RdbType.SortedSet).Number(1).Texts("m").Raw(253),
                new ValueBuilder(RdbType.SortedSet).Number(1).Texts("m", "nan"),
                new ValueBuilder(RdbType.SortedSet).Number(1).Texts("m", "1.5x"),
                new ValueBuilder(RdbType.SortedSet).Number(1).Texts("m", ""),
                new ValueBuilder(RdbType.SortedSetListpack).Text(Packed.Listpack("m", "nan")),
                new ValueBuilder(RdbType.SortedSetZiplist).Text(Packed.Ziplist("m", "")),
            ])
        {
            Assert.Equal(RdbError.BadScore, value.Error().Code);
        }
    }

    [Fact]
    public void A_field_expiry_that_no_server_keeps_is_refused()
    {
        foreach (var value in (ValueBuilder[])
            [
                new ValueBuilder(RdbType.HashWithFieldExpiry, RdbMagic.Valkey).Number(1).Texts("f", "v").Eight(-2),
                new ValueBuilder(RdbType.HashWithFieldExpiry).Number(1).Number(1UL << 48).Texts("f", "v"),
                new ValueBuilder(RdbType.HashMetadata).Eight(1L << 50).Number(1).Number(1).Texts("f", "v"),
                new ValueBuilder(RdbType.HashMetadata).Eight((1L << 48) - 1).Number(1).Number(2).Texts("f", "v"),
                new ValueBuilder(RdbType.HashMetadata).Eight(-1).Number(1).Number(1).Texts("f", "v"),
                new ValueBuilder(RdbType.HashMetadata).Eight(5).Number(1).Number(ulong.MaxValue).Texts("f", "v"),
                new ValueBuilder(RdbType.HashListpackExpiry).Eight(1).Text(Packed.Listpack("f", "v", -1)),
                new ValueBuilder(RdbType.HashListpackExpiry).Eight(1).Text(Packed.Listpack("f", "v", 1L << 48)),
                new ValueBuilder(RdbType.HashListpackExpiry).Eight(1).Text(Packed.Listpack("f", "v", "soon")),
                new ValueBuilder(RdbType.HashListpackExpiry).Eight(1).Text(Packed.Listpack("f", "v", 9, "g", "w", 8)),
                new ValueBuilder(RdbType.HashListpackExpiry).Eight(1).Text(Packed.Listpack("f", "v", 0, "g", "w", 8)),
            ])
        {
            Assert.Equal(RdbError.BadFieldExpiry, value.Error().Code);
        }
    }

    [Fact]
    public void A_quicklist_node_of_no_kind_is_refused() =>
        Assert.Equal(RdbError.BadQuicklist, new ValueBuilder(RdbType.ListQuicklist2).Number(1).Number(3).Texts("x").Error().Code);

    [Fact]
    public void An_encoded_part_beyond_the_limit_is_refused()
    {
        var decoder = new ValueDecoder(new RecordingElements(), new ValueDecoderOptions { MaxBlobBytes = 10 });
        decoder.Begin(RdbMagic.Redis, RdbType.HashListpack);

        Assert.Equal(RdbError.TextTooLong, Assert.Throws<RdbFormatException>(() => decoder.Write(Hash(GoodListpack).Bytes)).Code);
    }

    [Fact]
    public void A_type_without_a_layout_is_refused()
    {
        var decoder = new ValueDecoder(new RecordingElements());

        Assert.Equal(RdbError.ModulePreRelease, Assert.Throws<RdbFormatException>(() => decoder.Begin(RdbMagic.Redis, RdbType.ModulePreRelease)).Code);
        Assert.Equal(RdbError.UnknownType, Assert.Throws<RdbFormatException>(() => decoder.Begin(RdbMagic.Valkey, RdbType.HashMetadata)).Code);
    }

    [Fact]
    public void Every_truncation_and_every_byte_more_of_every_kind_of_value_is_found()
    {
        foreach (var value in EveryValue())
        {
            byte[] bytes = value.Bytes;
            for (int length = 0; length < bytes.Length; length++)
            {
                Assert.NotNull(ErrorOf(value, bytes.AsSpan(0, length)));
            }

            Assert.Null(ErrorOf(value, bytes));
            Assert.Equal(RdbError.TrailingBytes, ErrorOf(value, [.. bytes, 0])!.Code);
        }
    }

    [Fact]
    public void Every_changed_byte_of_every_kind_of_value_is_decoded_or_refused_and_never_more()
    {
        long before = GC.GetTotalAllocatedBytes();
        int refused = 0;
        int decoded = 0;
        foreach (var value in EveryValue())
        {
            byte[] bytes = value.Bytes;
            for (int at = 0; at < bytes.Length; at++)
            {
                byte good = bytes[at];
                for (int change = 1; change < 256; change++)
                {
                    bytes[at] = (byte)(good ^ change);
                    _ = ErrorOf(value, bytes) is null ? decoded++ : refused++;
                }

                bytes[at] = good;
            }
        }

        Assert.True(refused > 100_000 && decoded > 50_000, $"{refused} refused, {decoded} decoded");
        Assert.True((GC.GetTotalAllocatedBytes() - before) / (refused + decoded) < 20_000, "A damaged length must not be believed");
    }

    internal static IEnumerable<ValueBuilder> EveryValue() =>
    [
        new ValueBuilder(RdbType.String).Texts("text"),
        new ValueBuilder(RdbType.String).Compressed(LzfTests.Compress([.. Enumerable.Range(0, 200).Select(i => (byte)(i % 7))]), 200),
        new ValueBuilder(RdbType.List).Number(3).Texts("a", "b").Int(70_000),
        new ValueBuilder(RdbType.Set).Number(3).Texts("a", "b").Int(-3),
        new ValueBuilder(RdbType.Hash).Number(2).Texts("a", "b", "c", "d"),
        new ValueBuilder(RdbType.SortedSet).Number(2).Texts("a", "1.25", "b").Raw(254),
        new ValueBuilder(RdbType.SortedSet2).Number(2).Texts("a").Double(1.5).Texts("b").Double(-2),
        new ValueBuilder(RdbType.HashZipmap).Text(Packed.Zipmap("f", "v", "g", "w")),
        new ValueBuilder(RdbType.ListZiplist).Text(Packed.Ziplist("a", 1, -1, 300, 70_000, -3_000_000_000, 12, 13, new string('l', 70))),
        new ValueBuilder(RdbType.SetIntset).Text(Packed.Intset(4, -70_000, 5, 300)),
        new ValueBuilder(RdbType.SortedSetZiplist).Text(Packed.Ziplist("a", 1, "b", "1.5")),
        new ValueBuilder(RdbType.HashZiplist).Text(GoodZiplist),
        new ValueBuilder(RdbType.ListQuicklist).Number(2).Text(Packed.Ziplist("a")).Text(Packed.Ziplist("b", 5)),
        Hash(GoodListpack),
        new ValueBuilder(RdbType.SortedSetListpack).Text(Packed.Listpack("a", 1, "b", "1.5")),
        new ValueBuilder(RdbType.SetListpack).Text(Packed.Listpack("a", 1, -1, 300, 70_000, 9_000_000, -3_000_000_000, new string('l', 200))),
        new ValueBuilder(RdbType.ListQuicklist2).Number(2).Number(1).Texts("plain").Number(2).Text(Packed.Listpack("b", 5)),
        new ValueBuilder(RdbType.HashWithFieldExpiry, RdbMagic.Valkey).Number(2).Texts("f", "1").Eight(1_900_000_000_123).Texts("g", "w").Eight(-1),
        new ValueBuilder(RdbType.HashWithFieldExpiry).Number(2).Number(0).Texts("g", "w").Number(1_900_000_000_123).Texts("f", "1"),
        new ValueBuilder(RdbType.HashListpackExpiryPreRelease).Text(Packed.Listpack("f", 1, 1_900_000_000_123, "g", "w", 0)),
        new ValueBuilder(RdbType.HashMetadata).Eight(1_900_000_000_123).Number(2).Number(1).Texts("f", "1").Number(0).Texts("g", "w"),
        new ValueBuilder(RdbType.HashListpackExpiry).Eight(1_900_000_000_123).Text(Packed.Listpack("f", 1, 1_900_000_000_123, "g", "w", 0)),
        ValueDigestTests.StreamValue(RdbType.Stream),
        ValueDigestTests.StreamValue(RdbType.Stream2),
        ValueDigestTests.StreamValue(RdbType.Stream3),
        new ValueBuilder(RdbType.Module2).Number(0x1234_5678_9abc_def0).Raw(1, 5, 2, 6, 3, 1, 2, 3, 4, 4, 1, 2, 3, 4, 5, 6, 7, 8, 5, 2, 65, 66, 0),
    ];

    private static ValueBuilder Hash(byte[] listpack) => new ValueBuilder(RdbType.HashListpack).Text(listpack);

    private static byte[] Changed(byte[] bytes, int at, byte change)
    {
        byte[] changed = [.. bytes];
        changed[at < 0 ? changed.Length + at : at] ^= change;
        return changed;
    }

    private static RdbFormatException? ErrorOf(ValueBuilder value, ReadOnlySpan<byte> bytes)
    {
        try
        {
            ValueDigester.Compute(value.Magic, value.Type, bytes);
            return null;
        }
        catch (RdbFormatException e)
        {
            Assert.InRange(e.OffsetBytes, 0, bytes.Length);
            return e;
        }
    }
}
