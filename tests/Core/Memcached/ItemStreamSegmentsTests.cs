using System.Buffers;
using CacheBackup.Core.Memcached;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Segments;

namespace CacheBackup.Core.Tests.Memcached;

/// <summary>Segments of a stream of items: they tile it, each begins at an item, and the index is stored and read like any other.</summary>
public sealed class ItemStreamSegmentsTests
{
    private static readonly SegmentIndexerOptions Small = new() { Magic = RdbMagic.Memcached, TargetBytes = 1024, LargeEntryBytes = 2048 };

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(1000)]
    [InlineData(7)]
    [InlineData(1)]
    public void Segments_tile_the_stream_however_it_comes(int chunkBytes)
    {
        byte[] stream = Stream();
        IndexedContent content = Index(stream, chunkBytes);
        IReadOnlyList<Segment> segments = content.Index.Segments;
        Assert.True(segments.Count > 10);
        Assert.Equal((SegmentKind.Header, 4L), (segments[0].Kind, segments[0].LengthBytes));
        Assert.Equal((SegmentKind.Trailer, 4L), (segments[^1].Kind, segments[^1].LengthBytes));
        Assert.Equal(stream.Length, segments[^1].EndOffsetBytes);
        Assert.Equal(3, segments.Count(segment => segment.Kind == SegmentKind.Large));
        Assert.Equal(303, content.Index.Keys);
        foreach (Segment segment in segments)
        {
            byte[] bytes = stream[(int)segment.OffsetBytes..(int)segment.EndOffsetBytes];
            Assert.Equal(segment.Sha256, new Sha256Digest(System.Security.Cryptography.SHA256.HashData(bytes)));
            Assert.Equal(segment.Kind is SegmentKind.Header or SegmentKind.Trailer ? "mn"u8.ToArray() : "ms"u8.ToArray(), bytes[..2]);
        }

        // The whole file's checksum covers every byte: nothing in it states one.
        Assert.Equal(CrcRedis64.Compute(0, stream), content.Crc64);
        Assert.Equal(Index(stream, int.MaxValue).ContentDigest, content.ContentDigest);
    }

    [Fact]
    public void Its_index_is_stored_and_read_again()
    {
        SegmentIndex index = Index(Stream(), 4096).Index;
        var json = new ArrayBufferWriter<byte>();
        index.WriteTo(json);
        SegmentIndex read = SegmentIndex.Read(json.WrittenSpan);
        Assert.Equal(RdbVersion.ItemStream, read.RdbVersion);
        Assert.Equal(index.Segments, read.Segments);
        Assert.Equal(index.LargeEntries, read.LargeEntries);
    }

    [Fact]
    public void Left_after_any_item_and_gone_on_with_it_comes_to_the_same()
    {
        byte[] stream = Stream();
        IndexedContent whole = Index(stream, int.MaxValue);
        int[] places = [.. Boundaries(stream)];
        Assert.Equal(304, places.Length);
        IndexedSoFar? all = null;
        int from = 0;
        foreach (int place in places)
        {
            using (var first = new SegmentIndexer(Small))
            {
                first.Append(stream.AsSpan(0, place));
                AssertSame(stream, whole, GoOn(Stored(first.Leave()), stream.AsSpan(place)));
            }

            using SegmentIndexer next = all is null ? new SegmentIndexer(Small) : new SegmentIndexer(Small, all);
            next.Append(stream.AsSpan(from, place - from));
            all = Stored(next.Leave());
            from = place;
        }

        AssertSame(stream, whole, GoOn(all!, stream.AsSpan(from)));
    }

    [Fact]
    public void A_stream_is_left_between_two_items_alone()
    {
        byte[] stream = Stream();
        HashSet<int> places = [.. Boundaries(stream)];
        for (int length = 0; length < 2_000; length++)
        {
            using var indexer = new SegmentIndexer(Small);
            indexer.Append(stream.AsSpan(0, length));
            Assert.Equal(places.Contains(length), Record.Exception(() => indexer.Leave()) is null);
        }

        using var ended = new SegmentIndexer(Small);
        ended.Append(stream);
        Assert.Throws<InvalidOperationException>(() => ended.Leave());
    }

    private static void AssertSame(byte[] stream, IndexedContent whole, IndexedContent cut)
    {
        Assert.Equal((whole.Crc64, whole.Summary.CrcState, whole.SizeBytes), (cut.Crc64, cut.Summary.CrcState, cut.SizeBytes));
        Assert.Equal((whole.Summary.Keys, whole.Summary.KeysWithExpiry), (cut.Summary.Keys, cut.Summary.KeysWithExpiry));
        Assert.Equal(whole.Summary.LargestItemBytes, cut.Summary.LargestItemBytes);
        Assert.Equal(whole.Summary.Databases, cut.Summary.Databases);
        Assert.Equal(whole.Index.LargeEntries.Select(entry => entry.OffsetBytes), cut.Index.LargeEntries.Select(entry => entry.OffsetBytes));
        Assert.All(cut.Index.Segments, segment => Assert.Equal(
            segment.Sha256, new Sha256Digest(System.Security.Cryptography.SHA256.HashData(stream.AsSpan((int)segment.OffsetBytes, (int)segment.LengthBytes)))));
        IndexedContent again = Stored(IndexedSoFar.Of(cut)).ToContent();
        Assert.Equal((cut.Crc64, cut.ContentDigest, cut.Summary.CrcState, cut.Summary.LargestItemBytes), (again.Crc64, again.ContentDigest, again.Summary.CrcState, again.Summary.LargestItemBytes));
    }

    private static IndexedContent GoOn(IndexedSoFar soFar, ReadOnlySpan<byte> rest)
    {
        using var indexer = new SegmentIndexer(Small, soFar);
        indexer.Append(rest);
        return indexer.Complete();
    }

    private static IndexedSoFar Stored(IndexedSoFar soFar)
    {
        var json = new ArrayBufferWriter<byte>();
        IndexedSoFarDocument.Write(soFar, json);
        return IndexedSoFarDocument.Read(json.WrittenSpan);
    }

    /// <summary>Where items begin, and where the last line does.</summary>
    private static IEnumerable<int> Boundaries(byte[] stream)
    {
        int at = ItemStreamWriter.Edge.Length;
        yield return at;
        while (stream[at + 1] == (byte)'s')
        {
            int line = stream.AsSpan(at).IndexOf("\r\n"u8);
            Assert.True(ItemHead.TryRead(stream.AsSpan(at, line), out ItemHead head, out _, out _));
            at += line + 2 + head.LengthBytes + 2;
            yield return at;
        }
    }

    private static IndexedContent Index(byte[] stream, int chunkBytes)
    {
        using var indexer = new SegmentIndexer(Small);
        foreach (byte[] chunk in stream.Chunk(Math.Min(chunkBytes, stream.Length)))
        {
            indexer.Append(chunk);
        }

        return indexer.Complete();
    }

    private static byte[] Stream()
    {
        var random = new Random(5);
        var stream = new ArrayBufferWriter<byte>();
        stream.Write(ItemStreamWriter.Edge);
        for (int i = 0; i < 303; i++)
        {
            byte[] value = new byte[i % 101 == 100 ? 5_000 : random.Next(100)];
            random.NextBytes(value);
            Assert.True(ItemStreamWriter.TryWrite(stream, [(byte)i, (byte)(i >> 8), (byte)' '], (uint)i, 0, value));
        }

        stream.Write(ItemStreamWriter.Edge);
        return stream.WrittenSpan.ToArray();
    }
}
