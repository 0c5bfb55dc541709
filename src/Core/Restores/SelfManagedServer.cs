using System.Globalization;
using System.Text;
using CacheBackup.Core.Model;
using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Restores;

/// <summary>How a backup gets into a server that its user runs by himself: which versions load the file, and what to do with it.</summary>
public sealed record SelfManagedServer
{
    // The first release of each line that brought a newer file format, oldest first.
    private static readonly CacheVersion[] RedisReleases =
        [new(2, 6, 0), new(3, 2, 0), new(4, 0, 0), new(5, 0, 0), new(7, 0, 0), new(7, 2, 0), new(7, 4, 0)];

    private static readonly CacheVersion[] ValkeyReleases = [new(7, 2, 0), new(9, 0, 0)];

    /// <summary>The oldest Redis OSS that loads the file; null: none does.</summary>
    public CacheVersion? MinimumRedis { get; init; }

    /// <summary>The oldest Valkey that loads the file; null: none does.</summary>
    public CacheVersion? MinimumValkey { get; init; }

    /// <summary>What to do, in order, a sentence or two each.</summary>
    public required IReadOnlyList<string> Steps { get; init; }

    /// <summary>Null: the backup is not available, or it has no .rdb files.</summary>
    public static SelfManagedServer? Of(Backup backup)
    {
        if (backup.Status != BackupStatus.Available || backup.Origin is null or { Engine: CacheEngine.Memcached } || backup.Shards.Count == 0)
        {
            return null;
        }

        RdbVersion[] versions = [.. backup.Shards.Select(VersionOf)];
        return new SelfManagedServer
        {
            MinimumRedis = Oldest(CacheEngine.Redis, RedisReleases, versions),
            MinimumValkey = Oldest(CacheEngine.Valkey, ValkeyReleases, versions),
            Steps = [.. StepsFor(backup)],
        };
    }

    private static CacheVersion? Oldest(CacheEngine engine, CacheVersion[] releases, RdbVersion[] files)
    {
        CacheVersion found = releases.FirstOrDefault(release => files.All(file => ServerFormats.Loads(engine, release, file)));
        return found == default ? null : found;
    }

    private static IEnumerable<string> StepsFor(Backup backup)
    {
        string server = backup.Origin!.Engine == CacheEngine.Valkey ? "valkey" : "redis";
        yield return $"Fetch the file by GET /backups/{backup.Name}/download{(backup.Shards.Count > 1 ? "?shard=N" : string.Empty)}, and compare its "
            + "SHA-256 (sha256sum) with the one that is recorded.";
        if (backup.Shards.Count > 1)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"The backup has {backup.Shards.Count} files. Each goes into a server of its own that owns that shard's slots; repeat the steps for each.");
        }

        yield return $"Ask the server where its data is: {server}-cli CONFIG GET dir, and {server}-cli CONFIG GET dbfilename (dump.rdb if never changed).";
        yield return $"Stop it without a save, which would write over the file: {server}-cli SHUTDOWN NOSAVE; where systemd runs it, systemctl stop {server}-server.";
        yield return "Set aside what lies there under dbfilename, and put the fetched file in its place, under exactly that name.";
        yield return "In the server's configuration set appendonly no: with it on, the server loads its append-only files and never looks at this one.";
        yield return $"Give the file to the server's user: chown {server}:{server} <file>; chmod 0640 <file>.";
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"Start it: systemctl start {server}-server. Its log says how many keys it loaded: {backup.Shards.Sum(s => s.Keys)}, less those that expired since. "
            + $"Then turn append-only files on again, if you want them, with {server}-cli CONFIG SET appendonly yes.");
    }

    private static RdbVersion VersionOf(ShardManifest shard) => RdbVersion.TryParse(Encoding.ASCII.GetBytes(shard.RdbVersion), out RdbVersion version)
        ? version
        : throw new BackupNotRestorableException($"Shard {shard.Number} is recorded as \"{shard.RdbVersion}\", which is no RDB version.");
}
