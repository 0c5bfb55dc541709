using CacheBackup.Core.Operations;

namespace CacheBackup.Local.Commands;

/// <summary>Adds up what one connection does, range after range: each range reports from zero.</summary>
internal sealed class LaneProgress(IProgress<TransferProgress> lane) : IProgress<TransferProgress>
{
    private TransferProgress _before;
    private TransferProgress _current;

    public void Report(TransferProgress value)
    {
        _current = value;
        lane.Report(new TransferProgress(_before.Bytes + value.Bytes, null, _before.Keys + value.Keys));
    }

    /// <summary>The range is done; what is reported from here on is of the next.</summary>
    public void Next()
    {
        _before = new TransferProgress(_before.Bytes + _current.Bytes, null, _before.Keys + _current.Keys);
        _current = default;
    }
}
