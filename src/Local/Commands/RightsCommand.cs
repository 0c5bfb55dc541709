using System.CommandLine;
using CacheBackup.Caches;
using CacheBackup.Core.Model;

namespace CacheBackup.Local.Commands;

/// <summary><c>cache-backup rights</c>: what a cache's user has to be allowed, as a command for the server.</summary>
internal static class RightsCommand
{
    /// <summary>The oldest server that knows access lists.</summary>
    private static readonly CacheVersion Oldest = new(6, 0, 0);

    private static readonly (CacheAccess Access, string Name, string Meaning)[] Ways =
    [
        (CacheAccess.Replication, "replication", "backups by replication, all keys as of one instant"),
        (CacheAccess.Scan, "scan", "backups by scan, where replication is not to be had"),
        (CacheAccess.Restore, "restore", "restoring, and comparing what was restored"),
        (CacheAccess.Compare, "compare", "comparing alone"),
    ];

    public static Command Create(ToolContext context)
    {
        Argument<string?> way = new("for")
        {
            Description = $"One of {string.Join(", ", Ways.Select(known => known.Name))}. Default: all of them.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string> engine = new("--engine") { Description = "redis or valkey.", HelpName = "engine", DefaultValueFactory = _ => "redis" };
        Option<string> version = new("--engine-version")
        {
            Description = "The server's version, 6.0 or later: it refuses rules about commands that it does not know.",
            HelpName = "version",
            DefaultValueFactory = _ => "7.0.0",
        };
        Option<bool> cluster = new("--cluster") { Description = "The server runs in cluster mode. Run the line on every node, replicas included." };
        Option<string> user = new("--user") { Description = "What the user is to be called.", HelpName = "name", DefaultValueFactory = _ => "backup" };
        ToolCommand command = new(
            "rights",
            "Prints the least that a user of a cache has to be allowed, as a line for redis-cli or valkey-cli. Nothing is connected to.",
            "cache-backup rights",
            "cache-backup rights scan --engine valkey --engine-version 9.1.2 --cluster")
        {
            way, engine, version, cluster, user,
        };
        command.SetAction(parsed =>
        {
            CacheEngine of = EngineOf(parsed.GetValue(engine)!);
            CacheVersion at = VersionOf(parsed.GetValue(version)!);
            string name = UserOf(parsed.GetValue(user)!);
            foreach ((CacheAccess access, _, string meaning) in WaysOf(parsed.GetValue(way)))
            {
                context.Console.Output.WriteLine($"# {meaning}");
                context.Console.Output.WriteLine(
                    $"ACL SETUSER {name} on >PASSWORD resetkeys {string.Join(' ', LeastRights.Of(access, of, at, parsed.GetValue(cluster)))}");
                context.Console.Output.WriteLine($"# better with {string.Join(' ', LeastRights.Helpful(access, of, at))}");
            }

            return ExitStatus.Success;
        });
        return command;
    }

    private static IEnumerable<(CacheAccess Access, string Name, string Meaning)> WaysOf(string? name)
    {
        if (name is null)
        {
            return Ways;
        }

        (CacheAccess, string, string)[] named = [.. Ways.Where(way => way.Name == name)];
        return named is [] ? throw new BadUsageException($"{name} is none of {string.Join(", ", Ways.Select(way => way.Name))}.") : named;
    }

    private static CacheEngine EngineOf(string text) => text switch
    {
        "redis" => CacheEngine.Redis,
        "valkey" => CacheEngine.Valkey,
        _ => throw new BadUsageException("--engine is redis or valkey. Memcached's users have no rights of their own: a password opens all of it."),
    };

    private static CacheVersion VersionOf(string text) => CacheVersion.TryParse(text, out CacheVersion version) && version.CompareTo(Oldest) >= 0
        ? version
        : throw new BadUsageException($"--engine-version is such as 7.2.4, and {Oldest} at the least: servers before know no access lists, and a password opens all of it.");

    /// <summary>It goes into a line that is to be copied: no word of it may become another.</summary>
    private static string UserOf(string text) => text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
        ? text
        : throw new BadUsageException("--user is letters, digits, hyphens, dots and underscores.");
}
