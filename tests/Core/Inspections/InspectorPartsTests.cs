using CacheBackup.Core.Inspections;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Segments;
using CacheBackup.Core.Tests.Rdb;
using CacheBackup.Core.Tests.Segments;
using CacheBackup.Fixtures.Snapshots;

namespace CacheBackup.Core.Tests.Inspections;

public sealed class InspectorPartsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Inspectors_of_parts_add_up_to_one_of_the_whole(int inspectors)
    {
        var files = RdbFixtures.Good(200_000).Select(file => file.Bytes).Append(SegmentIndexerTests.Mixed()).Append(SampleRdb.File(keys: 500, valueBytes: 100));
        foreach (byte[] file in files)
        {
            var whole = new Inspector(InspectionOptions.Default);
            var reader = new RdbReader(whole);
            reader.Read(file);
            reader.Complete();

            Assert.Equal(InspectorTests.Describe(whole), InspectorTests.Describe(InParts(file, inspectors)));
        }
    }

    /// <summary>One walks and learns the header, the others look at its segments in turn.</summary>
    private static Inspector InParts(byte[] file, int inspectors)
    {
        var inspector = new Inspector(InspectionOptions.Default);
        var walk = new SegmentWalk(new SegmentIndexerOptions { TargetBytes = 1024, LargeEntryBytes = 1024 }, inspector.OfFile);
        walk.Append(file);
        var cuts = new List<SegmentCut>();
        while (walk.TryTake(out SegmentCut cut))
        {
            cuts.Add(cut);
        }

        cuts.Add(walk.TakeLast());
        Inspector[] others = [.. Enumerable.Range(0, inspectors).Select(_ => inspector.Beside())];
        foreach (SegmentCut cut in cuts.Skip(1))
        {
            var reader = RdbReader.ForSegment(
                others[cut.Number % inspectors], walk.Version, cut.Database, cut.OffsetBytes, new RdbReaderOptions { EndOffsetBytes = cut.EndOffsetBytes });
            reader.Read(file.AsSpan((int)cut.OffsetBytes, (int)(cut.EndOffsetBytes - cut.OffsetBytes)));
            reader.Complete();
        }

        Array.ForEach(others, inspector.Add);
        return inspector;
    }
}
