using System.CommandLine;
using System.Globalization;
using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Rewrites;

namespace CacheBackup.Local.Commands;

/// <summary><c>cache-backup rdb filter</c>: a part of a file.</summary>
internal static class RdbFilterCommand
{
    public static Command Create(ToolContext context)
    {
        Argument<string> file = new("file.rdb") { Description = "The file to take a part of." };
        Option<string> output = new("--output", "-o") { Description = "The file to write.", HelpName = "file.rdb", Required = true };
        SelectionOptions selection = new();
        Option<bool> withExpiry = new("--with-expiry") { Description = "Take only keys that expire." };
        Option<bool> withoutExpiry = new("--without-expiry") { Description = "Take only keys that never expire." };
        Option<string?> within = new("--expires-within") { Description = "Take only keys that expire before this time has passed: 90s, 30m, 12h, 7d.", HelpName = "time" };
        Option<bool> dropExpired = new("--drop-expired") { Description = "Leave out keys whose time has come, as a server does when it loads the file." };
        Option<DateTimeOffset?> asOf = new("--as-of") { Description = "The time that --expires-within and --drop-expired count from. Default: now.", HelpName = "time" };
        Option<bool> functions = new("--functions") { Description = "Take the function libraries along, which are of no key." };
        RewriteCommandOptions options = new();
        ToolCommand command = new(
            "filter",
            "Takes a part of a file: keys that fit every condition. Without a condition all keys are copied.",
            "cache-backup rdb filter orders.rdb -o users.rdb --match 'user:*' --type hash --db 0",
            "cache-backup rdb filter orders.rdb -o lasting.rdb --without-expiry --functions",
            "cache-backup rdb filter orders.rdb -o alive.rdb --drop-expired --as-of 2026-01-31T12:00:00Z")
        {
            file, output, withExpiry, withoutExpiry, within, dropExpired, asOf, functions,
        };
        selection.AddTo(command);
        options.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            DateTimeOffset time = parsed.GetValue(asOf) ?? context.Time.GetUtcNow();
            FilterRoute route = RouteOf(
                selection.Of(parsed),
                ConditionOf(parsed.GetValue(withExpiry), parsed.GetValue(withoutExpiry)),
                parsed.GetValue(within) is { } text ? time + DurationOf(text) : null,
                parsed.GetValue(dropExpired) ? time : null);
            await new RewriteFiles(context, "filter", parsed.GetValue(options.Force)).RunAsync(
                options.Of(route, parsed) with { WithFunctions = parsed.GetValue(functions) },
                [parsed.GetRequiredValue(file)],
                [parsed.GetRequiredValue(output)],
                parsed.GetValue(options.Json),
                cancellationToken);
            return ExitStatus.Success;
        });
        return command;
    }

    private static FilterRoute RouteOf(
        EntrySelection? selection, ExpiryCondition expiry, DateTimeOffset? expiresBefore, DateTimeOffset? expiredAt)
    {
        try
        {
            return new FilterRoute(selection, expiry, expiresBefore, expiredAt);
        }
        catch (InvalidRequestException e)
        {
            throw new BadUsageException(e.Message, e);
        }
    }

    private static ExpiryCondition ConditionOf(bool with, bool without) => (with, without) switch
    {
        (true, true) => throw new BadUsageException("A key cannot both expire and never expire: give --with-expiry or --without-expiry."),
        (true, false) => ExpiryCondition.WithExpiry,
        (false, true) => ExpiryCondition.WithoutExpiry,
        _ => ExpiryCondition.Any,
    };

    /// <summary><c>90s</c>, <c>30m</c>, <c>12h</c>, <c>7d</c>.</summary>
    private static TimeSpan DurationOf(string text)
    {
        const int LongestDays = 36_500;
        double? unitSeconds = text.Length < 2 ? null : text[^1] switch
        {
            's' => 1,
            'm' => 60,
            'h' => 3_600,
            'd' => 86_400,
            _ => null,
        };
        return unitSeconds is { } unit
            && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            && count * unit <= LongestDays * 86_400d
                ? TimeSpan.FromSeconds(count * unit)
                : throw new BadUsageException("A time is a number and s, m, h or d, such as 12h, and at most a hundred years.");
    }
}
