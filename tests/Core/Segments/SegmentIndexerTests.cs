using System.Security.Cryptography;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Segments;
using CacheBackup.Core.Tests.Rdb;
using CacheBackup.Fixtures;

namespace CacheBackup.Core.Tests.Segments;

public sealed class SegmentIndexerTests
{
    private static readonly SegmentIndexerOptions Small = new() { TargetBytes = 4096, LargeEntryBytes = 2048 };

    [Fact]
    public void Segments_tile_the_file_and_carry_the_digests_of_their_ranges()
    {
        byte[] file = Mixed();
        var content = Index(file, Small, file.Length);

        long offset = 0;
        ulong crc = 0;
        foreach (var segment in content.Index.Segments)
        {
            Assert.Equal(offset, segment.OffsetBytes);
            var bytes = file.AsSpan((int)offset, (int)segment.LengthBytes);
            Assert.Equal(new Sha256Digest(SHA256.HashData(bytes)), segment.Sha256);
            Assert.Equal(CrcRedis64.Compute(0, bytes), segment.Crc64);
            crc = CrcRedis64.Combine(crc, segment.Crc64, segment.LengthBytes);
            offset += segment.LengthBytes;
        }

        Assert.Equal(file.Length, offset);
        Assert.Equal(CrcRedis64.Compute(0, file), crc);
        Assert.Equal(new Sha256Digest(SHA256.HashData(file)), content.Sha256);
        Assert.Equal(content.Summary.Keys, content.Index.Keys);
        Assert.Equal(content.ContentDigest, content.Index.ContentDigest);
        Assert.Equal(RdbCrcState.Verified, content.Summary.CrcState);
    }

    [Fact]
    public void Every_fragmentation_makes_the_same_index()
    {
        byte[] file = Mixed();
        var expected = Index(file, Small, file.Length);
        var random = new Random(11);
        foreach (int chunk in (int[])[1, 2, 3, 7, 64, 1000, 2048, 2049, 4096, 65536, .. Enumerable.Range(0, 200).Select(_ => -random.Next(2, 9000))])
        {
            Same(expected, Index(file, Small, chunk, random));
        }
    }

    [Fact]
    public void Every_segment_read_on_its_own_gives_the_files_entries()
    {
        byte[] file = Mixed();
        var whole = new RecordingHandler();
        RdbReaderTests.ReadWhole(file, whole);
        var index = Index(file, Small, file.Length).Index;

        var entries = new List<string>();
        foreach (var segment in index.Segments.Skip(1))
        {
            var handler = new RecordingHandler();
            var options = new RdbReaderOptions { EndOffsetBytes = segment.EndOffsetBytes };
            var reader = RdbReader.ForSegment(handler, index.RdbVersion, segment.Database, segment.OffsetBytes, options);
            reader.Read(file.AsSpan((int)segment.OffsetBytes, (int)segment.LengthBytes));
            var summary = reader.Complete();

            Assert.Equal(segment.Keys, summary.Keys);
            Assert.Equal(RdbCrcState.Segment, summary.CrcState);
            entries.AddRange(handler.Entries.Select(Describe));
        }

        Assert.Equal(whole.Entries.Select(Describe), entries);
    }

    [Fact]
    public void A_large_entry_is_a_segment_of_its_own_and_is_described()
    {
        byte[] file = Mixed();
        var handler = new RecordingHandler();
        RdbReaderTests.ReadWhole(file, handler);
        var index = Index(file, Small, 777).Index;

        var large = handler.Entries.Where(e => e.End.EndOffsetBytes - e.Start.OffsetBytes > Small.LargeEntryBytes).ToList();
        Assert.True(large.Count >= 5);
        Assert.Equal(large.Count, index.LargeEntries.Count);
        foreach (var (entry, described) in large.Zip(index.LargeEntries))
        {
            var segment = index.Segments[described.Segment];
            Assert.Equal(SegmentKind.Large, segment.Kind);
            Assert.Equal(entry.Start.OffsetBytes, segment.OffsetBytes);
            Assert.Equal(entry.Start.KeyOffsetBytes, described.KeyOffsetBytes);
            Assert.Equal(entry.Key.Length, described.KeyLengthBytes);
            Assert.Equal(entry.Start.ValueOffsetBytes, described.ValueOffsetBytes);
            Assert.Equal(entry.End.ValueLengthBytes, described.ValueLengthBytes);
            Assert.Equal(entry.Start.Type, described.Type);
            Assert.Same(described, index.LargeEntryOf(segment));
        }
    }

    [Fact]
    public void Libraries_stand_in_the_header_segment()
    {
        byte[] file = Mixed();
        var index = Index(file, Small, file.Length).Index;

        Assert.Equal(2, index.Functions.Count);
        foreach (var library in index.Functions)
        {
            Assert.Equal((byte)RdbOpcode.Function, file[library.OffsetBytes]);
            Assert.True(library.OffsetBytes + library.SourceLengthBytes < index.Segments[0].LengthBytes);
        }
    }

    [Fact]
    public void A_file_without_entries_has_a_header_and_a_trailer()
    {
        byte[] file = new RdbBuilder().Auxiliary("redis-ver", "7.2.0").End();
        var index = Index(file, Small, 1).Index;

        Assert.Equal([SegmentKind.Header, SegmentKind.Trailer], index.Segments.Select(s => s.Kind));
        Assert.Equal(9, index.Segments[1].LengthBytes);
    }

    [Fact]
    public void Sample_files_are_indexed_alike_in_any_fragmentation()
    {
        var random = new Random(12);
        var options = new SegmentIndexerOptions { TargetBytes = 1024, LargeEntryBytes = 1024 };
        foreach (var (_, bytes) in RdbFixtures.Good(200_000))
        {
            var expected = Index(bytes, options, bytes.Length);
            Same(expected, Index(bytes, options, 1));
            Same(expected, Index(bytes, options, -300, random));
            Same(expected, Index(bytes, options, -5000, random));
        }
    }

    [Theory]
    [InlineData("redis806-small.rdb")]
    [InlineData("valkey912-small.rdb")]
    public void Stored_index_is_read_back_as_it_was(string file)
    {
        byte[] bytes = SharedFixtures.Read("rdb", file);
        var options = new SegmentIndexerOptions { TargetBytes = 256 << 10 };
        var index = Index(bytes, options, 65536).Index;

        byte[] stored = SegmentIndexTests.Store(index);
        var read = SegmentIndex.Read(stored);

        Assert.Equal(index.Segments, read.Segments);
        Assert.Equal(index.LargeEntries, read.LargeEntries);
        Assert.Equal(index.Functions, read.Functions);
        Assert.Equal(index.RdbVersion, read.RdbVersion);
        Assert.True(index.Segments.Count > 20);
        Assert.True(stored.Length < bytes.Length / 1000, $"{stored.Length} bytes of index for {bytes.Length}");
    }

    [Fact]
    public void A_second_handler_is_told_what_a_reader_alone_tells()
    {
        byte[] file = Mixed();
        var alone = new RecordingHandler();
        RdbReaderTests.ReadWhole(file, alone);
        var second = new RecordingHandler();
        using var indexer = new SegmentIndexer(Small, second);
        indexer.Append(file);
        indexer.Complete();

        Assert.Equal(alone.Text, second.Text);
    }

    [Fact]
    public void Damage_is_found_at_the_end_of_the_pass()
    {
        byte[] file = Mixed();
        file[^2000] ^= 1;
        using var indexer = new SegmentIndexer(Small);

        var e = Assert.Throws<RdbFormatException>(() =>
        {
            indexer.Append(file);
            indexer.Complete();
        });
        Assert.True(e.OffsetBytes > 0);
    }

    /// <summary>Entries of all sizes around the limits, in three databases, with what stands between entries and with libraries.</summary>
    internal static byte[] Mixed()
    {
        var random = new Random(10);
        var file = new RdbBuilder("REDIS0012").Auxiliary("redis-ver", "8.0.0").Function("#!lua name=one\n").Function("#!lua name=two\n");
        foreach (int database in (int[])[0, 3, 1])
        {
            file.Select(database).Resize(300, 100);
            for (int i = 0; i < 300; i++)
            {
                if (i % 50 == 3)
                {
                    file.Op(RdbOpcode.SlotInfo).Number((ulong)i).Number(7).Number(0);
                }

                if (i % 3 == 0)
                {
                    file.Expire(2_000_000_000_000 + i);
                }

                if (i % 5 == 0)
                {
                    file.Op(RdbOpcode.Idle).Number((ulong)i);
                }

                byte[] value = new byte[i % 60 == 7 ? random.Next(1950, 9000) : random.Next(0, 300)];
                random.NextBytes(value);
                file.StringEntry($"key:{database}:{i}", value);
                if (i % 70 == 9)
                {
                    file.Auxiliary("slot-info", "between");
                }
            }
        }

        return file.End();
    }

    private static IndexedContent Index(byte[] file, SegmentIndexerOptions options, int chunk, Random? random = null)
    {
        using var indexer = new SegmentIndexer(options);
        for (int position = 0; position < file.Length;)
        {
            int count = Math.Min(chunk > 0 ? chunk : random!.Next(0, -chunk), file.Length - position);
            indexer.Append(file.AsSpan(position, count));
            position += count;
        }

        return indexer.Complete();
    }

    private static void Same(IndexedContent expected, IndexedContent actual)
    {
        Assert.Equal(expected.Index.Segments, actual.Index.Segments);
        Assert.Equal(expected.Index.LargeEntries, actual.Index.LargeEntries);
        Assert.Equal(expected.Index.Functions, actual.Index.Functions);
        Assert.Equal(expected.Sha256, actual.Sha256);
        Assert.Equal(expected.ContentDigest, actual.ContentDigest);
        Assert.Equal(expected.Crc64, actual.Crc64);
    }

    private static string Describe((RdbEntryStart Start, byte[] Key, byte[] Value, RdbEntryEnd End, int Fragments) entry) =>
        $"{entry.Start} {Convert.ToHexString(entry.Key)} {Convert.ToHexString(entry.Value)} {entry.End}";
}
