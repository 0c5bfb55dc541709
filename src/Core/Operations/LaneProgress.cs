using CacheBackup.Core.Restores;

namespace CacheBackup.Core.Operations;

/// <summary>Adds the range that is at work to what the lane has done before.</summary>
internal sealed class LaneProgress(IProgress<TransferProgress> whole) : IProgress<TransferProgress>
{
    private long _totalBytes;
    private long _bytes;
    private long _keys;

    public void Begin(long totalBytes, RestoreLaneRecord done)
    {
        (_totalBytes, _bytes, _keys) = (totalBytes, done.RestoredBytes, done.RestoredKeys);
        Report(default);
    }

    public void Finish(RestoreReport range)
    {
        _bytes += range.Bytes;
        _keys += range.Restored;
        Report(default);
    }

    public void Report(TransferProgress value) => whole.Report(new TransferProgress(_bytes + value.Bytes, _totalBytes, _keys + value.Keys));
}
