using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Rewrites;

/// <summary>Everything into one file.</summary>
public sealed class WholeRoute : IEntryRoute
{
    public int Outputs => 1;

    public bool KeepsSlots => true;

    public int? Of(in RdbEntryStart entry, ReadOnlySpan<byte> key) => 0;

    public int? OfSlot(int slot) => 0;
}
