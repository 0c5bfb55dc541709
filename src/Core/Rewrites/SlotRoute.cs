using System.Globalization;
using CacheBackup.Core.Model;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Restores;

namespace CacheBackup.Core.Rewrites;

/// <summary>Each key to the shard that owns its cluster slot.</summary>
public sealed class SlotRoute : IEntryRoute
{
    private const short NoShard = -1;
    private readonly short[] _shards = new short[KeySlot.Count];
    private readonly bool _anyDatabase;

    /// <param name="shards">One range for each output, apart from each other; keys of slots in none of them are refused.</param>
    /// <param name="anyDatabase">False: keys of other databases than 0 are refused, for most clusters have no other.</param>
    /// <exception cref="InvalidRequestException">A slot is in two ranges.</exception>
    public SlotRoute(IReadOnlyList<SlotRange> shards, bool anyDatabase = false)
    {
        Outputs = shards.Count;
        _anyDatabase = anyDatabase;
        Array.Fill(_shards, NoShard);
        for (int i = 0; i < shards.Count; i++)
        {
            for (int slot = shards[i].First; slot <= shards[i].Last; slot++)
            {
                if (_shards[slot] != NoShard)
                {
                    throw new InvalidRequestException($"Slot {slot} is in two ranges, {shards[_shards[slot]]} and {shards[i]}.");
                }

                _shards[slot] = (short)i;
            }
        }
    }

    public int Outputs { get; }

    public bool KeepsSlots => true;

    public int? Of(in RdbEntryStart entry, ReadOnlySpan<byte> key)
    {
        if (entry.Database != 0 && !_anyDatabase)
        {
            throw new RewriteRefusedException(string.Create(
                CultureInfo.InvariantCulture,
                $"The key at byte {entry.OffsetBytes} is in database {entry.Database}, and a cluster has database 0 alone. Filter for database 0 first, or allow all databases."));
        }

        int slot = KeySlot.Of(key);
        return OfSlot(slot) ?? throw new RewriteRefusedException(string.Create(
            CultureInfo.InvariantCulture, $"The key at byte {entry.OffsetBytes} is in slot {slot}, which is in none of the ranges."));
    }

    public int? OfSlot(int slot) => _shards[slot] == NoShard ? null : _shards[slot];
}
