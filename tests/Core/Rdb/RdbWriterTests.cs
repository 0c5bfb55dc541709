using System.Buffers;
using CacheBackup.Core.Rdb;
using CacheBackup.Fixtures.Snapshots;

namespace CacheBackup.Core.Tests.Rdb;

public sealed class RdbWriterTests
{
    private const string Library = "#!lua name=lib\nredis.register_function('f', function() return 1 end)";

    public static TheoryData<string> Versions =>
        ["REDIS0006", "REDIS0007", "REDIS0008", "REDIS0009", "REDIS0010", "REDIS0011", "REDIS0012", "VALKEY080"];

    [Theory]
    [MemberData(nameof(Versions))]
    public void Every_version_reads_back_with_what_it_has_a_form_for(string text)
    {
        RdbVersion version = Parse(text);
        var output = new ArrayBufferWriter<byte>();
        var writer = new RdbWriter(version, output);
        writer.WriteAuxiliary("redis-ver"u8, "7.0.15"u8);
        writer.WriteResize(300, 1, 1);
        writer.WriteSlotInfo(300, 16_383, 1, 1);
        writer.BeginEntry(Head(300) with { ExpireAtMilliseconds = 4_102_444_800_123, IdleSeconds = 100_000, Frequency = 7 }, "key"u8);
        writer.WriteValue("\u0005he"u8);
        writer.WriteValue("llo"u8);
        writer.EndEntry();
        writer.Complete();

        RdbContent read = RdbContent.Of(output.WrittenSpan);

        bool is9 = version.Magic == RdbMagic.Valkey || version.Number >= 9;
        Assert.Equal(version, read.Summary.Version);
        Assert.Equal(RdbCrcState.Verified, read.Summary.CrcState);
        Assert.Equal(output.WrittenCount, writer.SizeBytes);
        Assert.Equal(read.Summary.Crc64, writer.Crc64);
        var entry = Assert.Single(read.Entries);
        Assert.Equal((300, "6B6579"), entry.Key);
        Assert.Equal(ValueDigester.Compute(RdbMagic.Redis, RdbType.String, "\u0005hello"u8), entry.Value.Value);
        Assert.Equal((4_102_444_800_123, is9 ? 100_000L : null, is9 ? (byte?)7 : null), (entry.Value.Expiry, entry.Value.Idle, entry.Value.Frequency));
        Assert.Equal(version.Number >= 7 ? ["redis-ver"] : [], read.Fields.Keys);
        Assert.Equal(version.Number >= 7 ? [(300, 1L, 1L)] : [], read.Sizes);
        Assert.Equal(version.Number >= 12 ? [(16_383L, 1L, 1L)] : [], read.Slots);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void What_a_version_cannot_hold_is_refused_before_its_first_byte(string text)
    {
        RdbVersion version = Parse(text);
        var output = new ArrayBufferWriter<byte>();
        var writer = new RdbWriter(version, output);
        foreach (RdbMagic magic in Enum.GetValues<RdbMagic>())
        {
            for (int type = 0; type < 64; type++)
            {
                long before = output.WrittenCount;
                bool known = RdbWriter.Knows(version, magic, (RdbType)type);
                if (known)
                {
                    continue;
                }

                var e = Assert.Throws<NotInRdbVersionException>(() => writer.BeginEntry(Head(5) with { Magic = magic, Type = (RdbType)type }, "secret"u8));
                Assert.Equal((RdbType)type, e.Type);
                Assert.DoesNotContain("secret", e.Message, StringComparison.Ordinal);
                Assert.Equal(before, output.WrittenCount);
            }
        }

        if (version is { Magic: RdbMagic.Redis, Number: < 10 })
        {
            Assert.Throws<NotInRdbVersionException>(() => writer.WriteFunction("#!lua name=x\n"u8));
            Assert.Equal(RdbVersion.HeaderBytes, output.WrittenCount);
        }
        else
        {
            writer.WriteFunction(System.Text.Encoding.UTF8.GetBytes(Library));
            writer.Complete();
            Assert.Equal([Library], RdbContent.Of(output.WrittenSpan).Functions);
        }
    }

    [Theory]
    [InlineData("REDIS0010", RdbMagic.Redis, RdbType.ListQuicklist2, true)]
    [InlineData("REDIS0009", RdbMagic.Redis, RdbType.ListQuicklist2, false)]
    [InlineData("REDIS0010", RdbMagic.Redis, RdbType.SetListpack, false)]
    [InlineData("REDIS0011", RdbMagic.Redis, RdbType.SetListpack, true)]
    [InlineData("REDIS0012", RdbMagic.Redis, RdbType.HashMetadata, true)]
    [InlineData("VALKEY080", RdbMagic.Redis, RdbType.HashMetadata, false)]
    [InlineData("VALKEY080", RdbMagic.Redis, RdbType.HashWithFieldExpiry, false)]
    [InlineData("VALKEY080", RdbMagic.Valkey, RdbType.HashWithFieldExpiry, true)]
    [InlineData("REDIS0012", RdbMagic.Valkey, RdbType.HashWithFieldExpiry, false)]
    [InlineData("VALKEY080", RdbMagic.Redis, RdbType.Stream3, true)]
    [InlineData("REDIS0012", RdbMagic.Redis, RdbType.ModulePreRelease, false)]
    public void A_type_is_known_by_its_family_and_version(string version, RdbMagic magic, RdbType type, bool known) =>
        Assert.Equal(known, RdbWriter.Knows(Parse(version), magic, type));

    [Theory]
    [InlineData("REDIS0005", "REDIS0006")]
    [InlineData("REDIS0011", "REDIS0011")]
    [InlineData("VALKEY987", "VALKEY080")]
    public void The_nearest_version_is_one_that_is_written(string version, string nearest)
    {
        Assert.Equal(nearest, RdbWriter.Nearest(Parse(version)).ToString());
        Assert.True(RdbWriter.IsWritten(Parse(nearest)));
        Assert.Equal(version == nearest, RdbWriter.IsWritten(Parse(version)));
    }

    [Fact]
    public void A_version_that_is_not_written_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RdbWriter(Parse("REDIS0013"), new ArrayBufferWriter<byte>()));

    [Theory]
    [InlineData(0)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(16_383)]
    [InlineData(16_384)]
    [InlineData(100_000)]
    public void Lengths_of_every_size_read_back(int length)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new RdbWriter(Parse("REDIS0010"), output);
        byte[] key = new byte[length];
        writer.BeginEntry(Head(length) with { IdleSeconds = length * 100_000L }, key);
        writer.WriteValue("\u0001v"u8);
        writer.EndEntry();
        writer.Complete();

        var entry = Assert.Single(RdbContent.Of(output.WrittenSpan).Entries);
        Assert.Equal((length, Convert.ToHexString(key)), entry.Key);
        Assert.Equal(length * 100_000L, entry.Value.Idle);
    }

    [Fact]
    public void A_payload_is_checked_and_written_without_its_footer()
    {
        byte[] payload = Convert.FromHexString("000568656c6c6f0a006372df766534200a");
        var output = new ArrayBufferWriter<byte>();
        var writer = new RdbWriter(Parse("REDIS0006"), output);
        writer.WritePayload(Head(0), "k"u8, payload);
        long before = output.WrittenCount;
        byte[] damaged = [.. payload];
        damaged[3] ^= 1;
        Assert.Equal(RdbError.ChecksumMismatch, Assert.Throws<RdbFormatException>(() => writer.WritePayload(Head(0), "l"u8, damaged)).Code);
        Assert.Equal(before, output.WrittenCount);
        writer.Complete();

        Assert.Equal(new RdbBuilder("REDIS0006").Select(0).StringEntry("k", "hello"u8).End(), output.WrittenSpan.ToArray());
    }

    [Fact]
    public void Calls_out_of_order_are_mistakes()
    {
        var writer = new RdbWriter(Parse("REDIS0010"), new ArrayBufferWriter<byte>());
        Assert.Throws<InvalidOperationException>(() => writer.WriteValue("x"u8));
        Assert.Throws<InvalidOperationException>(writer.EndEntry);
        writer.BeginEntry(Head(0), "k"u8);
        Assert.Throws<InvalidOperationException>(writer.EndEntry);
        Assert.Throws<InvalidOperationException>(writer.Complete);
        Assert.Throws<InvalidOperationException>(() => writer.BeginEntry(Head(0), "l"u8));
        writer.WriteValue("\u0001v"u8);
        writer.EndEntry();
        writer.Complete();
        Assert.Throws<InvalidOperationException>(() => writer.WriteFunction("x"u8));
    }

    internal static RdbVersion Parse(string text) =>
        RdbVersion.TryParse(System.Text.Encoding.ASCII.GetBytes(text), out var version) ? version : throw new ArgumentException(text);

    private static RdbEntryHead Head(int database) => new() { Database = database, Magic = RdbMagic.Redis, Type = RdbType.String };
}
