using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Tests.Rdb;

/// <summary>No change of a file that its checksum covers goes unseen, wherever it is, and every cut is found.</summary>
public sealed class RdbReaderDamageTests
{
    private const int Small = 4096;

    [Fact]
    public void Every_truncation_of_every_small_sample_file_ends_unexpectedly_where_it_was_cut()
    {
        foreach (var (fixture, bytes) in RdbFixtures.Good(Small))
        {
            for (int length = 0; length < bytes.Length; length++)
            {
                var error = ErrorOf(bytes.AsSpan(0, length));
                Assert.True(error is { Code: RdbError.UnexpectedEnd } && error.OffsetBytes == length, $"{fixture} cut to {length}: {error?.Message}");
            }
        }
    }

    [Fact]
    public void Bytes_after_the_end_are_refused_where_they_begin()
    {
        foreach (var (fixture, bytes) in RdbFixtures.Good(Small))
        {
            foreach (byte more in (byte[])[0, 1, 0x7f, 0xff])
            {
                var error = ErrorOf([.. bytes, more]);
                Assert.True(error is { Code: RdbError.TrailingBytes } && error.OffsetBytes == bytes.Length, $"{fixture}: {error?.Message}");
            }
        }
    }

    [Fact]
    public void Every_changed_byte_of_a_file_with_a_checksum_is_found()
    {
        int changes = 0;
        foreach (var (fixture, bytes) in Checked(Small))
        {
            // All values up to 300 bytes, which are most files; of the others one bit at either end, and all bits.
            ReadOnlySpan<byte> others = [0x01, 0x80, 0xff];
            int values = fixture.Bytes <= 300 ? 255 : others.Length;
            for (int at = 0; at < bytes.Length; at++)
            {
                byte good = bytes[at];
                for (int i = 0; i < values; i++)
                {
                    bytes[at] = (byte)(good ^ (values == 255 ? i + 1 : others[i]));
                    var error = ErrorOf(bytes);
                    Assert.True(error is not null, $"{fixture}: byte {at} as {bytes[at]:x2} passes");
                    Assert.InRange(error.OffsetBytes, 0, bytes.Length);
                    changes++;
                }

                bytes[at] = good;
            }
        }

        Assert.True(changes > 1_200_000, $"{changes} changes");
    }

    [Fact]
    public void No_value_of_a_version_byte_hides_a_second_damaged_byte()
    {
        // Readers that take the version for a number as far as it is one lose the checksum with it.
        byte[] all = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        byte[] some = "0123456789x\0 -\u00ff"u8.ToArray();
        foreach (var (fixture, original) in Checked(160).Take(6))
        {
            byte[] bytes = [.. original];
            for (int digit = 5; digit < RdbVersion.HeaderBytes; digit++)
            {
                foreach (byte value in digit == RdbVersion.HeaderBytes - 1 ? all : some)
                {
                    bytes[digit] = value;
                    for (int at = RdbVersion.HeaderBytes; at < bytes.Length; at++)
                    {
                        bytes[at] ^= 0x01;
                        Assert.True(ErrorOf(bytes) is not null, $"{fixture}: byte {digit} as {value:x2} hides byte {at}");
                        bytes[at] ^= 0x01;
                    }

                    bytes[digit] = original[digit];
                }
            }
        }
    }

    [Fact]
    public void Damage_that_no_checksum_guards_never_does_more_than_fail()
    {
        foreach (var (fixture, bytes) in RdbFixtures.Good(200).Where(f => f.Fixture.Crc != "set").Append((null!, WithoutChecksum())))
        {
            for (int at = 0; at < bytes.Length; at++)
            {
                byte good = bytes[at];
                for (int value = 0; value < 256; value++)
                {
                    bytes[at] = (byte)value;
                    var error = ErrorOf(bytes);
                    Assert.True(error is null || (error.OffsetBytes >= 0 && error.OffsetBytes <= bytes.Length), $"{fixture}: byte {at} as {value:x2}");
                }

                bytes[at] = good;
            }
        }
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

    private static IEnumerable<(RdbFixture Fixture, byte[] Bytes)> Checked(int mostBytes) =>
        RdbFixtures.Good(mostBytes).Where(f => f.Fixture.Crc == "set");

    private static byte[] WithoutChecksum()
    {
        byte[] bytes = RdbReaderFragmentationTests.EveryItem();
        bytes.AsSpan(bytes.Length - 8).Clear();
        return bytes;
    }

    private sealed class QuietHandler : RdbHandler;
}
