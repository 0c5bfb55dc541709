using System.Globalization;

namespace CacheBackup.Core.Restores;

/// <summary>The cluster slots dealt evenly to shards, as ElastiCache wants to be told them when it seeds a cluster from files.</summary>
public static class SlotRanges
{
    /// <summary>Every slot in exactly one range, the ranges in order, none more than one slot longer than another.</summary>
    /// <param name="shards">1–16,384.</param>
    /// <returns>For each shard <c>first-last</c>, as <c>0-8191</c>.</returns>
    public static IReadOnlyList<string> Of(int shards)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shards, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(shards, KeySlot.Count);
        return
        [
            .. Enumerable.Range(0, shards).Select(shard => string.Create(
                CultureInfo.InvariantCulture, $"{First(shard, shards)}-{First(shard + 1, shards) - 1}")),
        ];
    }

    private static int First(int shard, int shards) => (int)((long)KeySlot.Count * shard / shards);
}
