using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Tests.Rdb;

/// <summary>No change of a file that its checksum covers goes unseen, wherever it is, and every cut is found.</summary>
public sealed class RdbReaderDamageTests
{
    private const int Small = 4096;

    [Fact]
    public void Every_truncation_of_every_small_sample_file_ends_unexpectedly_where_it_was_cut()
    {
        var probe = new DamageProbe();
        foreach (var (fixture, bytes) in RdbFixtures.Good(Small))
        {
            for (int length = 0; length < bytes.Length; length++)
            {
                foreach (bool decodes in (bool[])[false, true])
                {
                    var error = probe.ErrorOf(bytes.AsSpan(0, length), decodes);
                    Assert.True(IsAt(error, RdbError.UnexpectedEnd, length), $"{fixture} cut to {length}: {error?.Message}");
                }
            }
        }

        Assert.True(probe.Readings > 25_000, $"{probe.Readings} readings");
    }

    [Fact]
    public void Truncations_of_larger_sample_files_end_unexpectedly_where_they_were_cut()
    {
        var probe = new DamageProbe();
        var random = new Random(23);
        foreach (var (fixture, bytes) in RdbFixtures.Good(int.MaxValue).Where(f => f.Fixture.Bytes > Small))
        {
            // The first and the last bytes one by one, and places in between.
            var between = Enumerable.Range(0, 60).Select(_ => random.Next(bytes.Length));
            foreach (int length in Enumerable.Range(0, 60).Concat(Enumerable.Range(bytes.Length - 60, 60)).Concat(between))
            {
                var error = probe.ErrorOf(bytes.AsSpan(0, length), decodes: true);
                Assert.True(IsAt(error, RdbError.UnexpectedEnd, length), $"{fixture} cut to {length}: {error?.Message}");
            }
        }
    }

    [Fact]
    public void Bytes_after_the_end_are_refused_where_they_begin()
    {
        var probe = new DamageProbe();
        foreach (var (fixture, bytes) in RdbFixtures.Good(Small))
        {
            // Every byte, and every end of the file itself, the whole of it included: the second file of two that were put together.
            var oneMore = Enumerable.Range(0, 256).Select(value => (byte[])[(byte)value]);
            foreach (byte[] suffix in oneMore.Concat(Enumerable.Range(1, bytes.Length).Select(count => bytes[^count..])))
            {
                var error = probe.ErrorOf([.. bytes, .. suffix], decodes: false);
                Assert.True(IsAt(error, RdbError.TrailingBytes, bytes.Length), $"{fixture} and {suffix.Length} more: {error?.Message}");
            }
        }

        Assert.True(probe.Readings > 25_000, $"{probe.Readings} readings");
    }

    [Fact]
    public void A_file_that_selects_more_databases_than_are_counted_is_refused()
    {
        var file = new RdbBuilder();
        for (int database = 0; database < 1 << 16; database++)
        {
            file.Select(database);
        }

        int length = file.Length;
        Assert.Null(ErrorOf(file.Select(5).End()));

        var more = new RdbBuilder().Raw(file.ToArray()[RdbVersion.HeaderBytes..length]).Select(1 << 16);
        var error = ErrorOf(more.End());
        Assert.Equal(RdbError.BadDatabase, error?.Code);
        Assert.Equal(length, error?.OffsetBytes);
    }

    [Fact]
    public void Lengths_that_cannot_be_are_refused_before_anything_is_allocated()
    {
        foreach (byte[] length in (byte[][])
            [
                [0x81, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
                [0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
                [0x80, 0x7f, 0xff, 0xff, 0xff],
                [0xc3, 5, 0x80, 0x7f, 0xff, 0xff, 0xff],
            ])
        {
            foreach (var file in (RdbBuilder[])
                [
                    new RdbBuilder().Raw(0).Raw(length),
                    new RdbBuilder().Op(RdbOpcode.Auxiliary).Raw(length),
                    new RdbBuilder().Op(RdbOpcode.Function).Raw(length),
                ])
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                var error = ErrorOf(file.Raw(1, 2, 3, 4, 5, 6, 7, 8).ToArray());
                long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

                Assert.NotNull(error);
                Assert.Contains(error.Code, (RdbError[])[RdbError.LengthTooLarge, RdbError.KeyTooLong, RdbError.TextTooLong, RdbError.BadCompression]);
                Assert.True(allocated < 100_000, $"{allocated} bytes allocated");
            }
        }
    }

    [Fact]
    public void A_length_beyond_a_known_end_is_refused_when_it_is_read()
    {
        byte[] file = new RdbBuilder().Type(RdbType.String, "k").Number(1000).Raw(1, 2, 3).ToArray();
        var options = new RdbReaderOptions { EndOffsetBytes = file.Length };
        var reader = new RdbReader(new QuietHandler(), options);

        var error = Assert.Throws<RdbFormatException>(() => reader.Read(file));
        Assert.Equal(RdbError.LengthTooLarge, error.Code);
        Assert.Equal(12, error.OffsetBytes);
    }

    [Fact]
    public void A_key_longer_than_the_limit_is_refused()
    {
        byte[] file = new RdbBuilder().StringEntry(new string('k', 101), "v"u8).End();
        var error = Assert.Throws<RdbFormatException>(
            () => new RdbReader(new QuietHandler(), new RdbReaderOptions { MaxKeyBytes = 100 }).Read(file));

        Assert.Equal(RdbError.KeyTooLong, error.Code);
        Assert.DoesNotContain("kkk", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RdbError.FunctionPreRelease, 9, new byte[] { 246, 0 })]
    [InlineData(RdbError.ModulePreRelease, 9, new byte[] { 6, 1, 1 })]
    [InlineData(RdbError.UnknownType, 9, new byte[] { 8, 1, 1, 1, 1 })]
    [InlineData(RdbError.UnknownType, 9, new byte[] { 26, 1, 1, 1, 1 })]
    [InlineData(RdbError.UnknownOpcode, 9, new byte[] { 243, 1, 1, 0 })]
    [InlineData(RdbError.BadLength, 10, new byte[] { 254, 0x82, 1, 1 })]
    [InlineData(RdbError.BadLength, 10, new byte[] { 254, 0xc0, 1, 1 })]
    [InlineData(RdbError.BadStringEncoding, 10, new byte[] { 0, 0xc4, 1, 1 })]
    [InlineData(RdbError.BadDatabase, 9, new byte[] { 254, 0x80, 0xff, 0xff, 0xff, 0xff })]
    [InlineData(RdbError.DanglingAttribute, 9, new byte[] { 249, 1, 254, 0 })]
    [InlineData(RdbError.DanglingAttribute, 9, new byte[] { 248, 1, 255 })]
    [InlineData(RdbError.DanglingAttribute, 11, new byte[] { 249, 1, 249, 1, 0, 1, 1, 1, 1 })]
    [InlineData(RdbError.BadModuleData, 9, new byte[] { 247, 1, 3, 1, 0 })]
    [InlineData(RdbError.BadModuleData, 13, new byte[] { 247, 1, 2, 1, 6 })]
    [InlineData(RdbError.BadCompression, 10, new byte[] { 0, 0xc3, 0, 5, 1, 1 })]
    [InlineData(RdbError.BadCompression, 10, new byte[] { 0, 0xc3, 2, 5, 0, 1, 1 })]
    public void Each_kind_of_damage_has_its_code_and_its_byte(RdbError code, long offset, byte[] bytes)
    {
        var error = ErrorOf(new RdbBuilder().Raw(bytes).ToArray());

        Assert.NotNull(error);
        Assert.Equal(code, error.Code);
        Assert.Equal(offset, error.OffsetBytes);
    }

    [Fact]
    public void After_an_error_a_reader_reads_no_more()
    {
        var reader = new RdbReader(new QuietHandler());
        Assert.Throws<RdbFormatException>(() => reader.Read("garbage at the start"u8));

        Assert.Throws<InvalidOperationException>(() => reader.Read([1]));
        Assert.Throws<InvalidOperationException>(() => reader.Complete());
    }

    internal static RdbFormatException? ErrorOf(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var reader = new RdbReader(new QuietHandler());
            reader.Read(bytes);

            // What Complete throws, without the price of throwing it.
            return reader.FindEndError();
        }
        catch (RdbFormatException e)
        {
            return e;
        }
    }

    private static bool IsAt(RdbFormatException? error, RdbError code, long offset) => error?.Code == code && error.OffsetBytes == offset;

    /// <summary>A file with one of everything, and zero where the checksum stands.</summary>
    internal static byte[] WithoutChecksum()
    {
        byte[] bytes = RdbReaderFragmentationTests.EveryItem();
        bytes.AsSpan(bytes.Length - 8).Clear();
        return bytes;
    }

    private sealed class QuietHandler : RdbHandler;
}
