using CacheBackup.Core.Inspections;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Segments;

namespace CacheBackup.Local.Commands;

/// <summary>Looks through segments with an inspector of its own.</summary>
/// <param name="inspector">Knows already what the file's header says.</param>
/// <param name="version">The file's.</param>
internal sealed class InspectionWorker(Inspector inspector, RdbVersion version) : ISegmentWorker
{
    private readonly List<SegmentChecksum> _checksums = [];
    private RdbReader? _reader;
    private CrcRedis64 _crc;

    public Inspector Inspector => inspector;

    /// <summary>Of the segments that have ended.</summary>
    public IReadOnlyList<SegmentChecksum> Checksums => _checksums;

    public void Begin(SegmentCut cut) => _reader = cut.Kind == SegmentKind.Header
        ? null
        : RdbReader.ForSegment(
            inspector, version, cut.Database, cut.OffsetBytes, new RdbReaderOptions { EndOffsetBytes = cut.EndOffsetBytes, IsChecksumComputed = false });

    public void Append(ReadOnlySpan<byte> bytes)
    {
        _crc.Update(bytes);
        _reader?.Read(bytes);
    }

    public void End(SegmentCut cut)
    {
        _reader?.Complete();
        _checksums.Add(new SegmentChecksum(cut.Number, cut.Kind, cut.EndOffsetBytes - cut.OffsetBytes, _crc.Value));
        _crc = default;
    }

    public void Dispose()
    {
    }
}
