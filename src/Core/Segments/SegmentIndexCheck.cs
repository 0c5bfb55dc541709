namespace CacheBackup.Core.Segments;

/// <summary>Whether the facts of an index agree with each other.</summary>
internal static class SegmentIndexCheck
{
    /// <exception cref="SegmentIndexException">They do not.</exception>
    public static void Require(SegmentIndex index)
    {
        RequireTiling(index);
        RequireKinds(index);
        RequireLargeEntries(index);
        foreach (var function in index.Functions)
        {
            Require(function.SourceLengthBytes >= 0 && function.OffsetBytes >= 0 && function.OffsetBytes < index.SizeBytes, "a library lies outside the file");
        }
    }

    private static void RequireTiling(SegmentIndex index)
    {
        long offset = 0;
        for (int i = 0; i < index.Segments.Count; i++)
        {
            var segment = index.Segments[i];
            Require(segment.Number == i, "segments are not numbered in order");
            Require(segment.OffsetBytes == offset, "segments leave a gap or overlap");
            Require(segment.LengthBytes > 0 && segment.LengthBytes <= index.SizeBytes - offset, "a segment reaches beyond the file");
            offset += segment.LengthBytes;
        }

        Require(offset == index.SizeBytes, "segments do not reach the end of the file");
    }

    private static void RequireKinds(SegmentIndex index)
    {
        Require(index.Segments.Count >= 2, "it lacks a header or trailer");
        for (int i = 0; i < index.Segments.Count; i++)
        {
            var segment = index.Segments[i];
            Require((segment.Kind == SegmentKind.Header) == (i == 0), "the first segment alone must be the header");
            Require((segment.Kind == SegmentKind.Trailer) == (i == index.Segments.Count - 1), "the last segment alone must be the trailer");
            Require(segment.Database >= 0, "a database number is negative");
            bool hasKeys = segment.Kind switch
            {
                SegmentKind.Entries => segment.Keys >= 1,
                SegmentKind.Large => segment.Keys == 1,
                _ => segment.Keys == 0,
            };
            Require(hasKeys, "a segment's number of keys does not fit its kind");
            Require(segment.Keys <= segment.LengthBytes, "a segment has more keys than bytes");
        }
    }

    private static void RequireLargeEntries(SegmentIndex index)
    {
        int next = 0;
        foreach (var segment in index.Segments.Where(s => s.Kind == SegmentKind.Large))
        {
            Require(next < index.LargeEntries.Count, "a large entry is not described");
            var entry = index.LargeEntries[next++];
            Require(
                entry.Segment == segment.Number
                    && entry.OffsetBytes == segment.OffsetBytes
                    && entry.KeyOffsetBytes > entry.OffsetBytes
                    && entry.ValueOffsetBytes > entry.KeyOffsetBytes
                    && entry.ValueLengthBytes > 0
                    && entry.ValueLengthBytes <= segment.EndOffsetBytes - entry.ValueOffsetBytes
                    && entry.KeyLengthBytes >= 0
                    && entry.ItemCount >= 0,
                "a large entry does not fit its segment");
        }

        Require(next == index.LargeEntries.Count, "a large entry has no segment");
    }

    private static void Require(bool condition, string contradiction)
    {
        if (!condition)
        {
            throw new SegmentIndexException(contradiction);
        }
    }
}
