using System.CommandLine;

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
        Option<string> urls = new("--urls")
        {
            Description = "Where the API listens, on this machine only. Port 0 takes a free one.",
            HelpName = "url",
            DefaultValueFactory = _ => "http://127.0.0.1:7070",
        };
        ServeEvents events = new();
        ToolCommand command = new(
            "serve",
            "Runs the service on this machine: the API, the jobs, a store for backups, and new caches as server processes. Ctrl-C ends it cleanly.",
            "cache-backup serve",
            "cache-backup serve --data /var/lib/cache-backup --store s3://my-bucket/caches --urls http://127.0.0.1:7070",
            "cache-backup serve --on-event '/usr/local/bin/tell-us --channel backups' --webhook https://hooks.example.com/cache-backup")
        {
            data, store, urls,
        };
        events.AddTo(command);
        command.SetAction((parsed, cancellationToken) => context.ServeAsync(
            new ServeRequest(Path.GetFullPath(parsed.GetValue(data) ?? DefaultDirectory()), parsed.GetValue(store), Url(parsed.GetValue(urls)!))
            {
                Events = events.Read(parsed, context),
            },
            context,
            cancellationToken));
        return command;
    }

    internal static string DefaultDirectory() =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache-backup");

    private static Uri Url(string text) => Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url is { Scheme: "http", IsLoopback: true, AbsolutePath: "/" }
        ? url
        : throw new BadUsageException(
            "The API listens on this machine only: --urls http://127.0.0.1:7070, or another port. Put a reverse proxy in front for others.");
}
