using System.CommandLine;
using CacheBackup.Local.Client;

namespace CacheBackup.Local.Commands.Service;

/// <summary><c>cache-backup events</c>: what happened, as a service tells it.</summary>
internal static class EventsCommand
{
    private const string Root = "events";
    private const int DefaultLimit = 50;

    public static Command Create(ToolContext context)
    {
        Option<string?> cache = new("--cache") { Description = "Only the events of this cache.", HelpName = "cache" };
        Option<string?> backup = new("--backup") { Description = "Only the events of this backup.", HelpName = "backup" };
        Option<string?> code = new("--code") { Description = "Only this event, such as backup-failed.", HelpName = "code" };
        Option<string?> since = new("--since") { Description = "Not before this time, such as 2026-01-31T23:30:00Z.", HelpName = "time" };
        Option<string?> until = new("--until") { Description = "Not after this time.", HelpName = "time" };
        Option<int?> limit = ServiceCommand.Limit();
        limit.Description = $"How many at most. Default: {DefaultLimit}.";
        return ServiceCommand.Create(
            context,
            Root,
            "Lists what happened in the last 14 days, newest first.",
            [cache, backup, code, since, until, limit],
            async (session, parsed, cancellationToken) =>
            {
                ServiceCall call = new("GET", Root)
                {
                    Query =
                    [
                        ("cache", parsed.GetValue(cache)), ("backup", parsed.GetValue(backup)), ("code", parsed.GetValue(code)),
                        ("since", parsed.GetValue(since)), ("until", parsed.GetValue(until)),
                    ],
                };
                session.Show(await session.ListAsync(call, Root, parsed.GetValue(limit) ?? DefaultLimit, cancellationToken), ServiceTables.Events);
            },
            "cache-backup events --cache shop --limit 20",
            "cache-backup events --code backup-failed --since 2026-01-31T00:00:00Z --json");
    }
}
