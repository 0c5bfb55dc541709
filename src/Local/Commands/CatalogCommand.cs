using System.CommandLine;
using System.Text.Json;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Storage;
using CacheBackup.Local.Host;
using CacheBackup.Local.Terminal;

namespace CacheBackup.Local.Commands;

/// <summary><c>cache-backup catalog rebuild</c>: the catalog again, from the manifests beside the data.</summary>
internal static class CatalogCommand
{
    public static Command Create(ToolContext context)
    {
        Option<string?> data = new("--data")
        {
            Description = "The data directory of the service. Default: ~/.cache-backup",
            HelpName = "directory",
        };
        Option<string?> store = new("--store")
        {
            Description = "Where the backups are kept: a directory, or s3://bucket/prefix. Default: store, in the data directory.",
            HelpName = "place",
        };
        Option<string?> dataStore = ServeCommand.DataStore();
        Option<string[]> copyTo = ServeCommand.Places("--copy-to", "A bucket or directory that copies of backups were kept in: those are found there.");
        Option<bool> json = new("--json") { Description = "Write JSON." };
        ToolCommand rebuild = new(
            "rebuild",
            "Writes lost records of backups anew from the manifests beside their data, and missing index keys. What is there stays. "
            + "Exit status 0: nothing was left out; 1: something was, and why.",
            "cache-backup catalog rebuild --data /var/lib/cache-backup",
            "cache-backup catalog rebuild --store s3://my-bucket/caches")
        {
            data, store, dataStore, copyTo, json,
        };
        rebuild.SetAction(async (parsed, cancellationToken) =>
        {
            string directory = Path.GetFullPath(parsed.GetValue(data) ?? ServeCommand.DefaultDirectory());
            IObjectStore opened = StoreLocation.Open(
                parsed.GetValue(store) ?? Path.Combine(directory, "store"), parsed.GetValue(dataStore), context.Time);
            using LocalBuckets buckets = new(context.Time);
            RebuildReport report = await new RebuildCatalog(
                [
                    new BackupPlace(null, opened),
                    .. ServeCommand.Addresses(parsed.GetValue(copyTo)).Select(place => new BackupPlace(place, buckets.OpenStore(place))),
                ],
                new BackupCatalog(opened, new RandomIds())).RunAsync(cancellationToken);
            context.Console.Output.WriteLine(parsed.GetValue(json)
                ? JsonSerializer.Serialize(report, FileReportJson.Default.RebuildReport)
                : Page(report));
            return report.LeftOut.Count == 0 ? ExitStatus.Success : ExitStatus.Failure;
        });
        return new Command("catalog", "The records of the backups in a store.") { rebuild };
    }

    private static string Page(RebuildReport report) => string.Join(
        Environment.NewLine,
        report.LeftOut.Select(l => $"left out: {l.Name}: {l.Reason}")
            .Prepend($"{Readable.Count(report.Restored, "record")} restored, {report.Present} there already, {report.LeftOut.Count} left out."));
}
