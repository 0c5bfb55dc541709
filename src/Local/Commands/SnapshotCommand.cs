using System.CommandLine;
using CacheBackup.Caches.Scan;
using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;
using CacheBackup.Local.Terminal;

namespace CacheBackup.Local.Commands;

/// <summary><c>cache-backup snapshot</c>: a cache's data into a file on this machine.</summary>
internal static class SnapshotCommand
{
    public static Command Create(ToolContext context)
    {
        Argument<string> url = new("redis-url") { Description = "redis://[user@]host:port, or memcached://[user@]host:port; rediss:// and memcacheds:// for TLS." };
        Argument<string> file = new("file.rdb") { Description = "The file to write, such as orders.rdb." };
        Option<bool> force = new("--force") { Description = "Replace the file if it exists, once the new one is whole." };
        Option<string?> method = MethodOption.Create();
        Option<string[]> inPieces = new("--in-pieces")
        {
            Description = "A scan takes the large hashes, lists, sets, sorted sets and strings among the keys that fit this glob element by element, so that "
                + "the server need not build them at once. May be given more than once. Needs room for the largest of them on the temporary disk.",
            HelpName = "pattern",
        };
        ConnectionOptions connection = new();
        ToolCommand command = new(
            "snapshot",
            "Takes all data of a running cache into a file: as a replica would, or key by key where the cache lets nobody replicate. Every byte is checked "
            + "on its way; the file appears when it is whole.",
            "cache-backup snapshot redis://localhost:6379 orders.rdb",
            "CACHE_BACKUP_PASSWORD=… cache-backup snapshot rediss://backup@cache.example.com:6380 orders.rdb --ca ca.pem",
            "cache-backup snapshot redis://localhost:6379 orders.rdb --password-file ~/.cache-password --force",
            "cache-backup snapshot memcached://localhost:11211 sessions.mc",
            "cache-backup snapshot rediss://managed.example.com:6379 orders.rdb --method scan",
            "cache-backup snapshot redis://localhost:6379 orders.rdb --method scan --in-pieces 'leaderboard:*'")
        {
            url, file, force, method, inPieces,
        };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            BackupMethod chosen = MethodOption.Read(parsed, method) ?? BackupMethod.Stream;
            CacheAddress address = connection.AddressOf(parsed.GetRequiredValue(url), parsed, context);
            FileSnapshot snapshot = new(address, chosen, PiecesOf(parsed.GetValue(inPieces), chosen, address), context);
            string path = Path.GetFullPath(parsed.GetRequiredValue(file));
            FileSnapshotReport report = await snapshot.RunAsync(path, parsed.GetValue(force), cancellationToken);
            Write(report, context.Console);
            return ExitStatus.Success;
        });
        return command;
    }

    private static PieceOptions? PiecesOf(string[]? patterns, BackupMethod method, CacheAddress address)
    {
        if (patterns is not { Length: > 0 })
        {
            return null;
        }

        return method == BackupMethod.Replication || address.Engine == CacheEngine.Memcached
            ? throw new BadUsageException("--in-pieces is for a scan of Redis or Valkey: give --method scan with it.")
            : new PieceOptions { Keys = [.. patterns.Select(GlobPattern.Parse)] };
    }

    private static void Write(FileSnapshotReport report, ToolConsole console)
    {
        var content = report.Result.Content;
        var origin = report.Result.Origin;
        console.Output.WriteLine(
            $"{report.Path}: {Readable.Bytes(content.SizeBytes)}, {Readable.Count(content.Summary.Keys, "key")}, "
            + $"{Readable.Count(content.FunctionLibraries, "function library", "function libraries")}, "
            + $"as of {Readable.Time(origin.ServerTime)}, from {origin.Engine} {origin.Version} by {origin.Method}.");
        if (origin.Scan is { } scan)
        {
            console.Output.WriteLine(
                $"Each key is as it was at a moment of its own, within {Readable.Duration(scan.Duration)}: {scan.KeysAtStart} keys at the start, "
                + $"{scan.KeysAtEnd} at the end, {scan.Vanished} gone before they could be read, {scan.Expired} expired, {scan.Evicted} evicted.");
        }

        if (origin.Scan is { Listed: { } listed } dump)
        {
            console.Output.WriteLine($"The server listed {listed} keys, of which {dump.Unreachable ?? 0} cannot be named in its text protocol and are not in the file.");
        }

        if (content.Summary.CrcState == Core.Rdb.RdbCrcState.Zero)
        {
            console.Error.WriteLine(
                "The server writes no checksum (rdbchecksum no): its file is whole, and nothing in it proves its content later. Keep the SHA-256.");
        }

        console.Output.WriteLine($"SHA-256 {content.Sha256}");
    }
}
