using CacheBackup.Core.Segments;

namespace CacheBackup.Local.Commands;

/// <summary>Does something with one segment of a file after the other; only ever at work for one of them.</summary>
internal interface ISegmentWorker : IDisposable
{
    void Begin(SegmentCut cut);

    /// <summary>The next bytes of the segment.</summary>
    void Append(ReadOnlySpan<byte> bytes);

    /// <summary>All bytes of the segment have come.</summary>
    void End(SegmentCut cut);
}
