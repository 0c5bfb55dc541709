using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Core.Operations;

/// <summary>Whether the files of a cluster's shards hold every slot, each once.</summary>
internal static class ClusterCoverage
{
    /// <exception cref="ClusterReshardedException">A slot is in no file, or in two.</exception>
    public static void Require(BackupName name, IReadOnlyList<ShardManifest> shards)
    {
        int[] owner = new int[KeySlot.Count];
        foreach (ShardManifest shard in shards)
        {
            SlotSet slots = shard.Cluster?.Slots
                ?? throw new ClusterReshardedException($"Nothing tells which slots shard {shard.Number} of backup {name} owned: it cannot be published.");
            bool[] owned = slots.ToTable();
            for (int slot = 0; slot < owner.Length; slot++)
            {
                if (owned[slot] && owner[slot] != 0)
                {
                    throw new ClusterReshardedException(
                        $"Slot {slot} is in the files of shards {owner[slot]} and {shard.Number} of backup {name}: it moved between them. Start the backup again.");
                }

                owner[slot] = owned[slot] ? shard.Number : owner[slot];
            }
        }

        if (Array.IndexOf(owner, 0) is >= 0 and var missing)
        {
            throw new ClusterReshardedException(
                $"Slot {missing} and {owner.Count(number => number == 0) - 1:N0} other(s) are in no file of backup {name}: they moved between its shards. Start the backup again.");
        }
    }
}
