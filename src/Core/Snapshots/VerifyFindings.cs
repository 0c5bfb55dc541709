using CacheBackup.Core.Segments;

namespace CacheBackup.Core.Snapshots;

/// <summary>Gathers findings, a bounded number of them by name.</summary>
internal sealed class VerifyFindings
{
    private readonly List<VerifyFinding> _listed = [];
    private long _count;

    public void Add(VerifyFindingKind kind, string message) => Add(new VerifyFinding(kind, message));

    public void Add(Segment segment) => Add(new VerifyFinding(
        VerifyFindingKind.Segment,
        $"Segment {segment.Number} (bytes {segment.OffsetBytes}–{segment.EndOffsetBytes - 1}) differs from its recorded digests.",
        segment.Number,
        segment.OffsetBytes));

    public VerifyReport ToReport(long bytes) => new(_listed, _count, bytes);

    private void Add(VerifyFinding finding)
    {
        _count++;
        if (_listed.Count < VerifyReport.MaxListed)
        {
            _listed.Add(finding);
        }
    }
}
