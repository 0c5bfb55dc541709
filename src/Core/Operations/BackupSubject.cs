using CacheBackup.Core.Model;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Restores;

namespace CacheBackup.Core.Operations;

/// <summary>A backup's record as the checks of restores see it.</summary>
internal static class BackupSubject
{
    /// <param name="selection">The part that is wanted; null: all of it.</param>
    /// <exception cref="BackupNotRestorableException">The record names an RDB version that is none.</exception>
    public static RestoreSubject Of(Backup backup, EntrySelection? selection)
    {
        RestoreSubject whole = new()
        {
            Engine = backup.Origin!.Engine,
            Version = backup.Origin.EngineVersion,
            RdbVersion = backup.Shards.Select(VersionOf).MaxBy(v => v.Number),
            Types = backup.Shards.SelectMany(s => s.KeysByType).GroupBy(t => Enum.Parse<RdbType>(t.Key)).ToDictionary(g => g.Key, g => g.Sum(t => t.Value)),
            Databases = [.. backup.Shards.SelectMany(s => s.Databases).Select(d => d.Database).Distinct().Order()],
            LargestItemBytes = backup.Shards.Max(s => s.LargestItemBytes),
            Keys = backup.Shards.Sum(s => s.Keys),
            Functions = backup.Shards.Sum(s => s.FunctionLibraries),
            MemoryEstimateBytes = backup.Shards.Sum(s => s.UsedMemoryBytes ?? s.SizeBytes),
        };
        return whole.Only(selection);
    }

    private static RdbVersion VersionOf(ShardManifest shard) => RdbVersion.TryParseText(shard.RdbVersion, out RdbVersion version)
        ? version
        : throw new BackupNotRestorableException($"Shard {shard.Number} is recorded as \"{shard.RdbVersion}\", which is no RDB version.");
}
