using CacheBackup.Core.Model;
using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Restores;

/// <summary>What a <see cref="RestoreCheck"/> has to know of a backup: sums over its shards.</summary>
public sealed record RestoreSubject
{
    public required CacheEngine Engine { get; init; }

    /// <summary>The version of the server that it was taken from; null: unknown (a file from elsewhere).</summary>
    public required CacheVersion? Version { get; init; }

    /// <summary>The newest RDB version among the shards.</summary>
    public required RdbVersion RdbVersion { get; init; }

    /// <summary>Entries for each value type.</summary>
    public required IReadOnlyDictionary<RdbType, long> Types { get; init; }

    /// <summary>Databases that hold a key, in order.</summary>
    public required IReadOnlyList<int> Databases { get; init; }

    /// <summary>Key and value of the largest of Memcached's items; null where the backup is not of such.</summary>
    public long? LargestItemBytes { get; init; }

    public required long Keys { get; init; }

    public required long Functions { get; init; }

    /// <summary>What the source used when it wrote the data; where it does not say, the size of the data itself, which is less.</summary>
    public required long MemoryEstimateBytes { get; init; }

    /// <summary>What is known of a part of the backup. What it needs of memory is not: a target that is too small refuses it key by key.</summary>
    public RestoreSubject Only(EntrySelection? selection) => selection is null ? this : this with
    {
        Types = Types.Where(type => selection.HasType(type.Key)).ToDictionary(),
        Databases = [.. Databases.Where(selection.HasDatabase)],
        Functions = 0,
        LargestItemBytes = null,
        MemoryEstimateBytes = 0,
    };

    /// <param name="shards">What was recorded of each shard, at least one.</param>
    public static RestoreSubject Of(CacheEngine engine, CacheVersion? version, IReadOnlyList<RdbSummary> shards)
    {
        ArgumentOutOfRangeException.ThrowIfZero(shards.Count);
        return new RestoreSubject
        {
            Engine = engine,
            Version = version,
            RdbVersion = shards.Select(shard => shard.Version).MaxBy(v => (v.Magic, v.Number)),
            Types = shards.SelectMany(shard => shard.Types).GroupBy(type => type.Key).ToDictionary(group => group.Key, group => group.Sum(t => t.Value)),
            Databases = [.. shards.SelectMany(shard => shard.Databases).Where(d => d.Keys > 0).Select(d => d.Number).Distinct().Order()],
            LargestItemBytes = shards.Max(shard => shard.LargestItemBytes),
            Keys = shards.Sum(shard => shard.Keys),
            Functions = shards.Sum(shard => shard.Functions),
            MemoryEstimateBytes = shards.Sum(shard => shard.UsedMemoryBytes ?? shard.SizeBytes),
        };
    }
}
