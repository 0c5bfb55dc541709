using CacheBackup.Core.Rdb;
using CacheBackup.Core.Segments;
using CacheBackup.Core.Tests.Rdb;

namespace CacheBackup.Core.Tests.Segments;

public sealed class SegmentWalkTests
{
    private static readonly SegmentIndexerOptions Small = new() { TargetBytes = 4096, LargeEntryBytes = 2048 };

    [Theory]
    [InlineData(1)]
    [InlineData(777)]
    [InlineData(1_000_000)]
    public void Digests_computed_apart_make_the_index_of_one_pass(int chunk)
    {
        byte[] file = SegmentIndexerTests.Mixed();
        using var indexer = new SegmentIndexer(Small);
        indexer.Append(file);
        IndexedContent expected = indexer.Complete();

        IndexedContent content = Digest(file, Walk(file, chunk, out SegmentWalk walk), walk);

        Assert.Equal(expected.Index.Segments, content.Index.Segments);
        Assert.Equal(expected.Index.LargeEntries, content.Index.LargeEntries);
        Assert.Equal(expected.ContentDigest, content.ContentDigest);
        Assert.Equal(CrcRedis64.Compute(0, file.AsSpan(0, file.Length - 8)), content.Crc64);
        Assert.Equal(RdbCrcState.Verified, content.Summary.CrcState);
    }

    [Fact]
    public void Checksum_of_digests_that_are_not_the_files_is_refused()
    {
        byte[] file = SegmentIndexerTests.Mixed();
        List<SegmentCut> cuts = Walk(file, file.Length, out SegmentWalk walk);
        file[2000] ^= 1;

        var e = Assert.Throws<RdbFormatException>(() => Digest(file, cuts, walk));

        Assert.Equal(RdbError.ChecksumMismatch, e.Code);
        Assert.Equal(RdbVerdict.Damaged, walk.Judge(e).Verdict);
    }

    [Fact]
    public void File_that_ends_early_has_no_last_segment()
    {
        byte[] file = SegmentIndexerTests.Mixed();

        var e = Assert.Throws<RdbFormatException>(() => Walk(file[..^3], file.Length, out _));

        Assert.Equal(RdbError.UnexpectedEnd, e.Code);
    }

    [Fact]
    public void Files_older_than_checksums_have_one_all_the_same()
    {
        byte[] file = new RdbBuilder("REDIS0004").StringEntry("key", "value"u8.ToArray()).Op(RdbOpcode.End).ToArray();

        IndexedContent content = Digest(file, Walk(file, file.Length, out SegmentWalk walk), walk);

        Assert.Equal(CrcRedis64.Compute(0, file), content.Crc64);
        Assert.Equal(RdbCrcState.OlderVersion, content.Summary.CrcState);
    }

    private static List<SegmentCut> Walk(byte[] file, int chunk, out SegmentWalk walk)
    {
        walk = new SegmentWalk(Small);
        var cuts = new List<SegmentCut>();
        for (int position = 0; position < file.Length; position += chunk)
        {
            walk.Append(file.AsSpan(position, Math.Min(chunk, file.Length - position)));
            while (walk.TryTake(out SegmentCut cut))
            {
                cuts.Add(cut);
            }
        }

        cuts.Add(walk.TakeLast());
        return cuts;
    }

    private static IndexedContent Digest(byte[] file, List<SegmentCut> cuts, SegmentWalk walk)
    {
        using var digester = new SegmentDigester();
        var segments = new List<Segment>();
        foreach (SegmentCut cut in cuts)
        {
            digester.Append(file.AsSpan((int)cut.OffsetBytes, (int)(cut.EndOffsetBytes - cut.OffsetBytes)));
            segments.Add(digester.Finish(cut));
        }

        return walk.Complete(segments, sha256: null);
    }
}
