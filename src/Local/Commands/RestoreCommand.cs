using System.CommandLine;
using CacheBackup.Core.Restores;
using CacheBackup.Local.Commands.Service;
using CacheBackup.Local.Terminal;

namespace CacheBackup.Local.Commands;

/// <summary>
/// <c>cache-backup restore</c>: a file into an empty cache, or with <c>--into</c> a service's backup into a new one.
/// </summary>
internal static class RestoreCommand
{
    private const int DefaultConnections = 2;

    public static Command Create(ToolContext context)
    {
        Argument<string> file = new("file.rdb|backup") { Description = "The file to restore; with --into, the service's backup." };
        Argument<string?> url = new("redis-url")
        {
            Description = "The empty cache to fill from the file: redis://[user@]host:port, or memcached://…; rediss:// and memcacheds:// for TLS. Not with --into.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<bool> engineChange = new("--allow-engine-change") { Description = "Restore a Redis OSS file into Valkey, or the other way round." };
        Option<bool> leaveOut = new("--leave-out-refused")
        {
            Description = "Leave out, and count, keys whose values the cache cannot hold (hashes whose fields expire, on servers without them; modules' values) "
                + "and functions where it has none, instead of refusing the backup.",
        };
        Option<string[]> rate = RateOption.Create();
        Option<bool> noCompare = new("--no-compare") { Description = "Do not read the cache back and compare every key." };
        Option<bool> resume = new("--resume") { Description = "Go on with a restore of this file into this cache that was interrupted." };
        Option<string?> journal = new("--journal") { Description = "Where to note how far the restore has come. Default: beside the file.", HelpName = "path" };
        SelectionOptions selection = new();
        Option<int> connections = new("--connections")
        {
            Description = $"Connections to restore over, 1 to {RestorePlan.MaxLanes}.",
            HelpName = "count",
            DefaultValueFactory = _ => DefaultConnections,
        };
        ConnectionOptions connection = new();
        ServiceRestore service = new();
        ToolCommand command = new(
            "restore",
            "Fills an empty cache from a file: the whole file's structure and checksum are verified before a byte is written. With --into, asks a service to restore one of "
            + "its backups into a new cache. Every key is compared afterwards.",
            "cache-backup restore orders.rdb redis://localhost:6380",
            "cache-backup restore orders.rdb rediss://cache.example.com --password-file ~/.cache-password --connections 8",
            "cache-backup restore orders.rdb redis://localhost:6380 --match 'user:*' --type hash --db 0",
            "cache-backup restore orders.rdb redis://localhost:6380 --max-rate 20MB/s --max-rate 5000keys/s",
            "cache-backup restore orders.rdb redis://localhost:6380 --resume",
            "cache-backup restore nightly --into orders-copy --url http://127.0.0.1:7070 --wait")
        {
            file, url, engineChange, leaveOut, rate, noCompare, resume, journal, connections,
        };
        selection.AddTo(command);
        connection.AddTo(command);
        service.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(url) is not null == service.IsMeant(parsed))
            {
                throw new BadUsageException(
                    "Say where to restore to: a file into an empty cache, restore orders.rdb redis://localhost:6380, "
                    + "or a service's backup into a new cache, restore nightly --into orders-copy.");
            }

            if (service.IsMeant(parsed))
            {
                ServiceRestoreConditions conditions = new(
                    parsed.GetValue(engineChange), parsed.GetValue(leaveOut), RateOption.Read(parsed.GetValue(rate)));
                await service.RunAsync(parsed.GetRequiredValue(file), conditions, parsed, context, cancellationToken);
                return ExitStatus.Success;
            }

            FileRestoreOptions options = new()
            {
                Path = Path.GetFullPath(parsed.GetRequiredValue(file)),
                Target = connection.AddressOf(parsed.GetValue(url)!, parsed, context),
                AllowEngineChange = parsed.GetValue(engineChange),
                LeaveOutRefused = parsed.GetValue(leaveOut),
                Rate = RateOption.Read(parsed.GetValue(rate)),
                Selection = selection.Of(parsed),
                Compare = !parsed.GetValue(noCompare),
                Resume = parsed.GetValue(resume),
                JournalPath = parsed.GetValue(journal) is { } path ? Path.GetFullPath(path) : null,
                Connections = parsed.GetValue(connections),
            };
            Write(await new FileRestore(options, context).RunAsync(cancellationToken), context.Console);
            return ExitStatus.Success;
        });
        return command;
    }

    private static void Write(FileRestoreReport report, ToolConsole console)
    {
        TextWriter output = console.Output;
        output.WriteLine(
            $"{Readable.Count(report.Keys, "key")} in the file: {Readable.Count(report.Restored.Restored)} restored, "
            + $"{Readable.Count(report.Restored.ExpiredBefore)} left out because their time had come; "
            + $"{Readable.Count(report.Restored.Functions, "function library", "function libraries")}.");
        if (report.Restored.LeftOut > 0)
        {
            output.WriteLine($"{Readable.Count(report.Restored.LeftOut, "key")} left out, as asked for; function libraries too.");
        }

        if (report.Restored.Refused > 0)
        {
            output.WriteLine($"{Readable.Count(report.Restored.Refused, "key")} left out because the cache cannot hold their values, as allowed.");
        }

        if (report.RangesBefore > 0)
        {
            output.WriteLine($"{Readable.Count(report.RangesBefore, "part")} had been restored before the interruption and were not sent again.");
        }

        output.WriteLine(report.Compared is { } compared
            ? $"Every key compared: {Readable.Count(compared.Equal)} equal in value and expiry, {Readable.Count(compared.ExpiredSince)} expired since."
            : "Loaded, not compared.");
    }
}
