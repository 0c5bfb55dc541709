using System.CommandLine;
using CacheBackup.Core.Buckets;
using CacheBackup.Core.Model;

namespace CacheBackup.Local.Commands;

/// <summary><c>cache-backup serve</c>: the whole service in one process.</summary>
internal static class ServeCommand
{
    public static Command Create(ToolContext context)
    {
        Option<string?> data = new("--data")
        {
            Description = "Where executions, new caches and the access token are kept. Default: ~/.cache-backup",
            HelpName = "directory",
        };
        Option<string?> store = new("--store")
        {
            Description = "Where backups are kept: a directory, or s3://bucket/prefix. Default: store, in the data directory.",
            HelpName = "place",
        };
        Option<string?> dataStore = DataStore();
        Option<string> urls = new("--urls")
        {
            Description = "Where the API listens, on this machine only. Port 0 takes a free one.",
            HelpName = "url",
            DefaultValueFactory = _ => "http://127.0.0.1:7070",
        };
        ServeEvents events = new();
        ServeUpkeep upkeep = new();
        Option<string[]> exportTo = Places("--export-to", "A bucket or directory that exports may go to, there or below.");
        Option<string[]> importFrom = Places("--import-from", "A bucket or directory that .rdb files may be imported from, there or below.");
        Option<string[]> copyTo = Places("--copy-to", "A bucket or directory that copies of backups may be kept in.");
        ToolCommand command = new(
            "serve",
            "Runs the service on this machine: the API, the jobs, a store for backups, and new caches as server processes. Ctrl-C ends it cleanly.",
            "cache-backup serve",
            "cache-backup serve --data /var/lib/cache-backup --store s3://my-bucket/caches --urls http://127.0.0.1:7070",
            "cache-backup serve --on-event '/usr/local/bin/tell-us --channel backups' --webhook https://hooks.example.com/cache-backup")
        {
            data, store, dataStore, urls, exportTo, importFrom, copyTo,
        };
        events.AddTo(command);
        upkeep.AddTo(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            ServeRequest request = new(
                Path.GetFullPath(parsed.GetValue(data) ?? DefaultDirectory()), parsed.GetValue(store), Url(parsed.GetValue(urls)!))
            {
                DataStore = parsed.GetValue(dataStore),
                Events = events.Read(parsed, context),
                Configured = new ConfiguredBuckets
                {
                    ExportBuckets = Addresses(parsed.GetValue(exportTo)),
                    ImportBuckets = Addresses(parsed.GetValue(importFrom)),
                    CopyTargets = Addresses(parsed.GetValue(copyTo)),
                },
            };
            return context.ServeAsync(upkeep.Read(parsed, request), context, cancellationToken);
        });
        return command;
    }

    internal static Option<string?> DataStore() => new("--data-store")
    {
        Description = "Where the backups' data is kept apart from the catalog: a directory, or s3://bucket/prefix. Default: in the store.",
        HelpName = "place",
    };

    internal static Option<string[]> Places(string name, string description) => new(name)
    {
        Description = description + " s3://bucket/prefix, with ?region=NAME and &kms-key=KEY where needed. May be repeated.",
        HelpName = "place",
    };

    internal static IReadOnlyList<BucketAddress> Addresses(string[]? places)
    {
        try
        {
            return [.. (places ?? []).Select(BucketAddress.Parse)];
        }
        catch (InvalidRequestException e)
        {
            throw new BadUsageException(e.Message);
        }
    }

    internal static string DefaultDirectory() =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache-backup");

    private static Uri Url(string text) => Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url is { Scheme: "http", IsLoopback: true, AbsolutePath: "/" }
        ? url
        : throw new BadUsageException(
            "The API listens on this machine only: --urls http://127.0.0.1:7070, or another port. Put a reverse proxy in front for others.");
}
