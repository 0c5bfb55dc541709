using System.CommandLine;
using CacheBackup.Core.Model;
using CacheBackup.Local.Demo;

namespace CacheBackup.Local.Commands;

/// <summary><c>cache-backup demo</c>: the main path from end to end, on servers of its own.</summary>
internal static class DemoCommand
{
    public static Command Create(ToolContext context)
    {
        Option<int> keys = new("--keys")
        {
            Description = $"Keys to fill the source with, {DemoRequest.FewestKeys} or more. Default: {DemoRequest.DefaultKeys}; {DemoRequest.QuickKeys} with --quick.",
            HelpName = "count",
        };
        Option<string?> store = new("--store") { Description = "Where to keep the backup: a directory, or s3://bucket/prefix. Default: in the data directory.", HelpName = "place" };
        Option<string?> data = new("--data") { Description = "Where to work; it must be empty or not exist. Default: a temporary directory.", HelpName = "directory" };
        Option<string> engine = new("--engine") { Description = "The servers to use.", DefaultValueFactory = _ => "redis" };
        engine.AcceptOnlyFromAmong("redis", "valkey");
        Option<bool> quick = new("--quick") { Description = "With fewer keys and smaller values." };
        ToolCommand command = new(
            "demo",
            "Starts a server, fills it with every kind of data, backs it up, restores the backup into a new cache, compares every key, and cleans up.",
            "cache-backup demo",
            "cache-backup demo --engine valkey --keys 1000000",
            "cache-backup demo --store s3://my-bucket/demo")
        {
            keys, store, data, engine, quick,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            bool isQuick = parsed.GetValue(quick);
            int count = parsed.GetValue(keys) is var asked and not 0 ? asked : isQuick ? DemoRequest.QuickKeys : DemoRequest.DefaultKeys;
            return count < DemoRequest.FewestKeys
                ? throw new BadUsageException($"--keys is {DemoRequest.FewestKeys} or more: fewer cannot be of every kind.")
                : context.DemoAsync(
                    new DemoRequest
                    {
                        Engine = parsed.GetValue(engine) == "valkey" ? CacheEngine.Valkey : CacheEngine.Redis,
                        Keys = count,
                        IsQuick = isQuick,
                        Store = parsed.GetValue(store),
                        DataDirectory = parsed.GetValue(data) is { } directory ? Path.GetFullPath(directory) : null,
                    },
                    context,
                    cancellationToken);
        });
        return command;
    }
}
