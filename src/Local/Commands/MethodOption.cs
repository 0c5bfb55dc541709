using System.CommandLine;
using CacheBackup.Core.Model;

namespace CacheBackup.Local.Commands;

/// <summary><c>--method</c>: how a cache's data are streamed.</summary>
internal static class MethodOption
{
    public static Option<string?> Create() => new("--method")
    {
        Description = "stream (the default: replication where the cache offers it, and else scan), replication, or scan.",
        HelpName = "method",
    };

    /// <exception cref="BadUsageException">It is none of the three.</exception>
    public static BackupMethod? Read(ParseResult parsed, Option<string?> option) => parsed.GetValue(option) switch
    {
        null => null,
        "stream" => BackupMethod.Stream,
        "replication" => BackupMethod.Replication,
        "scan" => BackupMethod.Scan,
        _ => throw new BadUsageException("--method is stream, replication or scan."),
    };
}
