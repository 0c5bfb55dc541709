using System.Buffers;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Segments;
using CacheBackup.Fixtures.Snapshots;

namespace CacheBackup.Core.Tests.Segments;

/// <summary>An index that is left between any two entries and gone on with is that of the same file.</summary>
public sealed class IndexedSoFarTests
{
    private static readonly SegmentIndexerOptions Options = new() { TargetBytes = 2_000, LargeEntryBytes = 1_024 };

    [Theory]
    [InlineData(100)]
    [InlineData(5_000)]
    public void Left_between_any_two_entries_it_comes_to_the_same(int valueBytes)
    {
        byte[] file = SampleRdb.File(keys: 20, valueBytes);
        IndexedContent whole = Index(new SegmentIndexer(Options), file);
        long[] places = Boundaries.Of(file);
        Assert.True(places.Length >= 20);
        foreach (long place in places)
        {
            IndexedSoFar soFar = Leave(new SegmentIndexer(Options), file.AsSpan(0, (int)place));
            AssertSame(file, whole, Index(new SegmentIndexer(Options, Stored(soFar)), file.AsSpan((int)place)));
        }
    }

    [Fact]
    public void Left_at_every_place_it_comes_to_the_same()
    {
        byte[] file = SampleRdb.File(keys: 20, valueBytes: 700);
        IndexedContent whole = Index(new SegmentIndexer(Options), file);
        IndexedSoFar? soFar = null;
        int from = 0;
        foreach (long place in Boundaries.Of(file))
        {
            using SegmentIndexer next = soFar is null ? new SegmentIndexer(Options) : new SegmentIndexer(Options, soFar);
            soFar = Stored(Leave(next, file.AsSpan(from, (int)place - from)));
            from = (int)place;

            // Nothing came: nothing changes, and no segment is empty.
            using SegmentIndexer idle = new(Options, soFar);
            Assert.Equal(soFar.Segments, idle.Leave().Segments);
        }

        AssertSame(file, whole, Index(new SegmentIndexer(Options, soFar!), file.AsSpan(from)));
    }

    [Fact]
    public void A_file_is_left_between_two_entries_alone()
    {
        byte[] file = SampleRdb.File(keys: 3, valueBytes: 100);
        long[] places = Boundaries.Of(file);
        for (int length = 0; length < file.Length; length++)
        {
            using SegmentIndexer indexer = new(Options);
            indexer.Append(file.AsSpan(0, length));
            bool isBetween = length >= places[0] && Record.Exception(() => indexer.Leave()) is null;
            Assert.True(isBetween || !places.Contains(length), $"{length} is between two entries");
        }
    }

    [Fact]
    public void Another_beginning_than_the_files_is_found_by_the_checksum()
    {
        byte[] file = SampleRdb.File(keys: 20, valueBytes: 100);
        long place = Boundaries.Of(file)[5];
        byte[] other = (byte[])file.Clone();
        other[place - 3] ^= 1;
        IndexedSoFar soFar = Leave(new SegmentIndexer(Options), other.AsSpan(0, (int)place));
        var damaged = Assert.Throws<RdbFormatException>(() => Index(new SegmentIndexer(Options, Stored(soFar)), file.AsSpan((int)place)));
        Assert.Equal(RdbError.ChecksumMismatch, damaged.Code);
    }

    private static void AssertSame(byte[] file, IndexedContent whole, IndexedContent cut)
    {
        Assert.Equal((whole.Crc64, RdbCrcState.Verified, whole.SizeBytes), (cut.Crc64, cut.Summary.CrcState, cut.SizeBytes));
        Assert.Equal((whole.Summary.Keys, whole.Summary.AsOf, whole.Summary.CreatedAt), (cut.Summary.Keys, cut.Summary.AsOf, cut.Summary.CreatedAt));
        Assert.Equal(whole.Summary.Types, cut.Summary.Types);
        Assert.Equal(whole.Summary.Opcodes, cut.Summary.Opcodes);
        Assert.Equal(whole.Summary.Databases, cut.Summary.Databases);
        Assert.Equal(whole.Summary.Auxiliary, cut.Summary.Auxiliary);
        Assert.Null(cut.Sha256);

        // What is stored is read again only if its facts agree with each other; and each digest is that of its bytes.
        var json = new ArrayBufferWriter<byte>();
        cut.Index.WriteTo(json);
        SegmentIndex index = SegmentIndex.Read(json.WrittenSpan);
        Assert.Equal(whole.Index.LargeEntries.Select(e => (e.OffsetBytes, e.ValueLengthBytes)), index.LargeEntries.Select(e => (e.OffsetBytes, e.ValueLengthBytes)));
        foreach (Segment segment in index.Segments)
        {
            byte[] bytes = file[(int)segment.OffsetBytes..(int)segment.EndOffsetBytes];
            Assert.Equal(new Sha256Digest(System.Security.Cryptography.SHA256.HashData(bytes)), segment.Sha256);
        }

        // A whole one is kept between two calls as well.
        IndexedContent again = Stored(IndexedSoFar.Of(cut)).ToContent();
        Assert.Equal((cut.Crc64, cut.ContentDigest, cut.Summary.CrcState), (again.Crc64, again.ContentDigest, again.Summary.CrcState));
    }

    private static IndexedContent Index(SegmentIndexer indexer, ReadOnlySpan<byte> bytes)
    {
        using (indexer)
        {
            indexer.Append(bytes);
            return indexer.Complete();
        }
    }

    private static IndexedSoFar Leave(SegmentIndexer indexer, ReadOnlySpan<byte> bytes)
    {
        using (indexer)
        {
            // In two pieces, so that something is held of the first.
            indexer.Append(bytes[..(bytes.Length / 2)]);
            indexer.Append(bytes[(bytes.Length / 2)..]);
            return indexer.Leave();
        }
    }

    private static IndexedSoFar Stored(IndexedSoFar soFar)
    {
        var json = new ArrayBufferWriter<byte>();
        IndexedSoFarDocument.Write(soFar, json);
        return IndexedSoFarDocument.Read(json.WrittenSpan);
    }

    /// <summary>Where entries end.</summary>
    private sealed class Boundaries : RdbHandler
    {
        private readonly List<long> _places = [];

        public static long[] Of(byte[] file)
        {
            var places = new Boundaries();
            var reader = new RdbReader(places);
            reader.Read(file);
            reader.Complete();
            return [.. places._places];
        }

        public override void OnEntryEnd(in RdbEntryEnd end) => _places.Add(end.EndOffsetBytes);
    }
}
