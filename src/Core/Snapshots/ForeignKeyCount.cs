using CacheBackup.Core.Model;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Restores;

namespace CacheBackup.Core.Snapshots;

/// <summary>Counts the keys of a shard's file whose slots the shard does not own.</summary>
internal sealed class ForeignKeyCount(SlotSet slots) : RdbHandler
{
    private readonly bool[] _owned = slots.ToTable();

    public long Keys { get; private set; }

    public override void OnEntryStart(in RdbEntryStart entry, ReadOnlySpan<byte> key)
    {
        if (!_owned[KeySlot.Of(key)])
        {
            Keys++;
        }
    }
}
