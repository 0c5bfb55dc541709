using CacheBackup.Core.Segments;

namespace CacheBackup.Local.Commands;

/// <summary>Computes the digests of segments.</summary>
internal sealed class DigestWorker : ISegmentWorker
{
    private readonly SegmentDigester _digester = new();
    private readonly List<Segment> _segments = [];

    /// <summary>Those that have ended.</summary>
    public IReadOnlyList<Segment> Segments => _segments;

    public void Begin(SegmentCut cut)
    {
    }

    public void Append(ReadOnlySpan<byte> bytes) => _digester.Append(bytes);

    public void End(SegmentCut cut) => _segments.Add(_digester.Finish(cut));

    public void Dispose() => _digester.Dispose();
}
