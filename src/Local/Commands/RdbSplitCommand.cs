using System.CommandLine;
using CacheBackup.Core.Model;
using CacheBackup.Core.Rewrites;

namespace CacheBackup.Local.Commands;

/// <summary><c>cache-backup rdb split</c>: one file into one for each shard of a cluster.</summary>
internal static class RdbSplitCommand
{
    private const int MostShards = 500;

    public static Command Create(ToolContext context)
    {
        Argument<string> file = new("file.rdb") { Description = "The file to split." };
        Option<int?> shards = new("--shards") { Description = $"Into so many files, with even ranges of slots: 1 to {MostShards}.", HelpName = "count" };
        Option<string[]> slots = new("--slots")
        {
            Description = "Into one file for each of these ranges of slots, such as 0-5460. May be given several times.",
            HelpName = "first-last",
        };
        Option<string> output = new("--output", "-o")
        {
            Description = "What the files' names begin with: orders becomes orders-0-5460.rdb and so on.",
            HelpName = "prefix",
            Required = true,
        };
        Option<bool> anyDatabase = new("--all-databases") { Description = "Take keys of all databases. Without it others than 0 are refused, as most clusters do." };
        RewriteCommandOptions options = new();
        ToolCommand command = new(
            "split",
            "Splits a file by cluster slots into one file for each shard. Function libraries go into every one.",
            "cache-backup rdb split orders.rdb --shards 3 -o orders",
            "cache-backup rdb split orders.rdb --slots 0-8191 --slots 8192-16383 -o orders")
        {
            file, shards, slots, output, anyDatabase,
        };
        options.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            IReadOnlyList<SlotRange> ranges = RangesOf(parsed.GetValue(shards), parsed.GetValue(slots) ?? []);
            string prefix = parsed.GetRequiredValue(output);
            await new RewriteFiles(context, "split", parsed.GetValue(options.Force)).RunAsync(
                options.Of(Routed(ranges, parsed.GetValue(anyDatabase)), parsed),
                [parsed.GetRequiredValue(file)],
                [.. ranges.Select(range => $"{prefix}-{range}.rdb")],
                parsed.GetValue(options.Json),
                cancellationToken);
            return ExitStatus.Success;
        });
        return command;
    }

    private static IReadOnlyList<SlotRange> RangesOf(int? shards, string[] slots)
    {
        if (shards is null == (slots.Length == 0))
        {
            throw new BadUsageException("Say either into how many shards, --shards 3, or which slots each has, --slots 0-8191 --slots 8192-16383.");
        }

        if (shards is < 1 or > MostShards || slots.Length > MostShards)
        {
            throw new BadUsageException($"A file is split into 1 to {MostShards} files.");
        }

        try
        {
            return shards is { } count ? SlotRange.Even(count) : [.. slots.Select(SlotRange.Parse)];
        }
        catch (InvalidRequestException e)
        {
            throw new BadUsageException(e.Message, e);
        }
    }

    private static SlotRoute Routed(IReadOnlyList<SlotRange> ranges, bool anyDatabase)
    {
        try
        {
            return new SlotRoute(ranges, anyDatabase);
        }
        catch (InvalidRequestException e)
        {
            throw new BadUsageException(e.Message, e);
        }
    }
}
