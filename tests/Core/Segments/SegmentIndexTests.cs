using System.Buffers;
using System.Text;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Segments;

namespace CacheBackup.Core.Tests.Segments;

public sealed class SegmentIndexTests
{
    [Fact]
    public void Stored_form_is_frozen() => Assert.Equal(
        """
        {"version":1,"rdbVersion":"REDIS0011","sizeBytes":5000,"segments":[
        {"kind":"header","lengthBytes":100,"database":0,"keys":0,"sha256":"0000000000000000000000000000000000000000000000000000000000000000","crc64":"00000000000000ff"},
        {"kind":"entries","lengthBytes":900,"database":2,"keys":7,"sha256":"0101010101010101010101010101010101010101010101010101010101010101","crc64":"00000000000000ff"},
        {"kind":"large","lengthBytes":3991,"database":2,"keys":1,"sha256":"0202020202020202020202020202020202020202020202020202020202020202","crc64":"00000000000000ff"},
        {"kind":"trailer","lengthBytes":9,"database":2,"keys":0,"sha256":"0303030303030303030303030303030303030303030303030303030303030303","crc64":"00000000000000ff"}],
        "largeEntries":[{"segment":2,"offsetBytes":1000,"keyOffsetBytes":1010,"keyLengthBytes":5,"valueOffsetBytes":1016,"valueLengthBytes":3975,"type":4,"itemCount":12}],
        "functions":[{"offsetBytes":40,"sourceLengthBytes":30}]}
        """.ReplaceLineEndings(string.Empty),
        Encoding.UTF8.GetString(Store(Sample())));

    [Fact]
    public void Read_gives_what_was_written()
    {
        var index = Sample();
        var read = SegmentIndex.Read(Store(index));

        Assert.Equal(index.Segments, read.Segments);
        Assert.Equal(index.LargeEntries, read.LargeEntries);
        Assert.Equal(index.Functions, read.Functions);
        Assert.Equal(index.SizeBytes, read.SizeBytes);
        Assert.Equal(index.RdbVersion, read.RdbVersion);
        Assert.Equal(index.ContentDigest, read.ContentDigest);
    }

    [Theory]
    [InlineData("\"version\":1", "\"version\":2")]
    [InlineData("\"version\":1", "\"version\":1,\"more\":0")]
    [InlineData("\"version\":1,", "")]
    [InlineData("\"version\":1", "\"version\":1,\"version\":1")]
    [InlineData("REDIS0011", "REDIS001x")]
    [InlineData("\"sizeBytes\":5000", "\"sizeBytes\":5001")]
    [InlineData("\"sizeBytes\":5000", "\"sizeBytes\":4999")]
    [InlineData("\"lengthBytes\":900", "\"lengthBytes\":-900")]
    [InlineData("\"lengthBytes\":900", "\"lengthBytes\":0")]
    [InlineData("\"lengthBytes\":900", "\"lengthBytes\":9223372036854775807")]
    [InlineData("\"kind\":\"header\"", "\"kind\":\"entries\"")]
    [InlineData("\"kind\":\"trailer\"", "\"kind\":\"entries\"")]
    [InlineData("\"kind\":\"large\"", "\"kind\":\"entries\"")]
    [InlineData("\"kind\":\"entries\"", "\"kind\":\"large\"")]
    [InlineData("\"kind\":\"entries\"", "\"kind\":\"other\"")]
    [InlineData("\"kind\":\"entries\"", "\"kind\":null")]
    [InlineData("\"keys\":7", "\"keys\":0")]
    [InlineData("\"keys\":7", "\"keys\":901")]
    [InlineData("\"keys\":7", "\"keys\":9223372036854775807")]
    [InlineData("\"keys\":1,", "\"keys\":2,")]
    [InlineData("\"database\":2,\"keys\":7", "\"database\":-1,\"keys\":7")]
    [InlineData("0101010101010101010101010101010101010101010101010101010101010101", "01")]
    [InlineData("0101010101010101010101010101010101010101010101010101010101010101", "010101010101010101010101010101010101010101010101010101010101010G")]
    [InlineData("00000000000000ff", "ff")]
    [InlineData("\"offsetBytes\":1000", "\"offsetBytes\":1001")]
    [InlineData("\"segment\":2", "\"segment\":1")]
    [InlineData("\"valueLengthBytes\":3975", "\"valueLengthBytes\":3976")]
    [InlineData("\"keyOffsetBytes\":1010", "\"keyOffsetBytes\":1016")]
    [InlineData("\"type\":4", "\"type\":256")]
    [InlineData("{\"offsetBytes\":40,\"sourceLengthBytes\":30}", "null")]
    [InlineData("\"offsetBytes\":40", "\"offsetBytes\":5000")]
    [InlineData("\"functions\":[{\"offsetBytes\":40,\"sourceLengthBytes\":30}]", "\"functions\":null")]
    public void An_index_that_cannot_be_is_refused(string good, string bad)
    {
        string text = Encoding.UTF8.GetString(Store(Sample()));
        Assert.Contains(good, text, StringComparison.Ordinal);
        int at = text.IndexOf(good, StringComparison.Ordinal);

        Assert.Throws<SegmentIndexException>(() => SegmentIndex.Read(Encoding.UTF8.GetBytes(text[..at] + bad + text[(at + good.Length)..])));
    }

    [Fact]
    public void Every_truncation_is_refused()
    {
        byte[] stored = Store(Sample());
        for (int length = 0; length < stored.Length; length++)
        {
            Assert.Throws<SegmentIndexException>(() => SegmentIndex.Read(stored.AsSpan(0, length)));
        }
    }

    [Fact]
    public void Content_digest_depends_on_length_digest_and_order_of_segments()
    {
        var index = Sample();
        var digest = index.ContentDigest;
        var s = index.Segments;

        Assert.NotEqual(digest, ContentDigest.Of([s[0], s[2], s[1], s[3]]));
        Assert.NotEqual(digest, ContentDigest.Of([s[0], s[1] with { LengthBytes = 901 }, s[2], s[3]]));
        Assert.NotEqual(digest, ContentDigest.Of([s[0], s[1] with { Sha256 = s[0].Sha256 }, s[2], s[3]]));
        Assert.Equal(digest, ContentDigest.Of([s[0], s[1], s[2], s[3]]));
    }

    internal static byte[] Store(SegmentIndex index)
    {
        var buffer = new ArrayBufferWriter<byte>();
        index.WriteTo(buffer);
        return buffer.WrittenSpan.ToArray();
    }

    private static SegmentIndex Sample()
    {
        static Segment At(int number, SegmentKind kind, long offset, long length, int database, long keys) => new()
        {
            Number = number,
            Kind = kind,
            OffsetBytes = offset,
            LengthBytes = length,
            Database = database,
            Keys = keys,
            Sha256 = new Sha256Digest([.. Enumerable.Repeat((byte)number, 32)]),
            Crc64 = 255,
        };

        return new SegmentIndex
        {
            RdbVersion = new RdbVersion(RdbMagic.Redis, 11),
            SizeBytes = 5000,
            Segments =
            [
                At(0, SegmentKind.Header, 0, 100, 0, 0),
                At(1, SegmentKind.Entries, 100, 900, 2, 7),
                At(2, SegmentKind.Large, 1000, 3991, 2, 1),
                At(3, SegmentKind.Trailer, 4991, 9, 2, 0),
            ],
            LargeEntries =
            [
                new LargeEntry
                {
                    Segment = 2,
                    OffsetBytes = 1000,
                    KeyOffsetBytes = 1010,
                    KeyLengthBytes = 5,
                    ValueOffsetBytes = 1016,
                    ValueLengthBytes = 3975,
                    Type = RdbType.Hash,
                    ItemCount = 12,
                },
            ],
            Functions = [new FunctionLibrary(40, 30)],
        };
    }
}
