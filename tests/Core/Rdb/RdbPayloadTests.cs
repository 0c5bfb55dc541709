using System.Buffers;
using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Tests.Rdb;

public sealed class RdbPayloadTests
{
    /// <summary>DUMP of <c>set k hello</c> on Redis 7.0.15.</summary>
    private static readonly byte[] Hello = Convert.FromHexString("000568656c6c6f0a006372df766534200a");

    [Fact]
    public void A_servers_payload_is_taken_apart_and_put_together_again()
    {
        var payload = RdbPayload.Read(Hello);
        Assert.Equal(RdbType.String, payload.Type);
        Assert.Equal("\u0005hello"u8.ToArray(), payload.Value.ToArray());
        Assert.Equal("REDIS0010", payload.Version.ToString());

        var buffer = new ArrayBufferWriter<byte>();
        RdbPayload.Write(payload.Type, payload.Value, 10, buffer);
        Assert.Equal(Hello, buffer.WrittenSpan.ToArray());
    }

    [Fact]
    public void Every_changed_byte_is_found()
    {
        for (int i = 0; i < Hello.Length; i++)
        {
            for (int change = 1; change < 256; change++)
            {
                byte[] damaged = [.. Hello];
                damaged[i] ^= (byte)change;
                var e = Assert.Throws<RdbFormatException>(() => RdbPayload.Read(damaged).Type);
                Assert.Equal(RdbError.ChecksumMismatch, e.Code);
            }
        }
    }

    [Fact]
    public void A_payload_too_short_for_its_parts_is_refused()
    {
        for (int length = 0; length <= RdbFooter.OverheadBytes; length++)
        {
            var e = Assert.Throws<RdbFormatException>(() => RdbPayload.Read(Hello.AsSpan(0, length)).Type);
            Assert.Equal(RdbError.BadPayload, e.Code);
        }
    }

    [Theory]
    [InlineData(RdbType.String, RdbMagic.Redis, 6)]
    [InlineData(RdbType.ListQuicklist, RdbMagic.Redis, 7)]
    [InlineData(RdbType.SortedSet2, RdbMagic.Valkey, 8)]
    [InlineData(RdbType.Stream, RdbMagic.Redis, 9)]
    [InlineData(RdbType.HashListpack, RdbMagic.Redis, 10)]
    [InlineData(RdbType.Stream2, RdbMagic.Redis, 10)]
    [InlineData(RdbType.SetListpack, RdbMagic.Redis, 11)]
    [InlineData(RdbType.Stream3, RdbMagic.Valkey, 11)]
    [InlineData(RdbType.HashMetadata, RdbMagic.Redis, 12)]
    [InlineData(RdbType.HashWithFieldExpiry, RdbMagic.Redis, 12)]
    [InlineData(RdbType.HashWithFieldExpiry, RdbMagic.Valkey, 80)]
    public void Lowest_version_is_the_one_that_defines_the_type(RdbType type, RdbMagic magic, int version) =>
        Assert.Equal(version, RdbRestoreVersion.LowestFor(type, magic));

    [Theory]
    [InlineData(RdbType.HashMetadata, RdbMagic.Valkey)]
    [InlineData(RdbType.ModulePreRelease, RdbMagic.Redis)]
    [InlineData((RdbType)8, RdbMagic.Redis)]
    [InlineData((RdbType)26, RdbMagic.Redis)]
    public void A_type_that_a_family_does_not_define_has_no_version(RdbType type, RdbMagic magic) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => RdbRestoreVersion.LowestFor(type, magic));
}
