using System.CommandLine;
using System.Text.Json;
using CacheBackup.Core.Inspections;
using CacheBackup.Core.Model;
using CacheBackup.Core.Rewrites;

namespace CacheBackup.Local.Commands;

/// <summary><c>cache-backup diff</c>: how two files differ.</summary>
internal static class DiffCommand
{
    private const int MostNamed = 10_000;
    private const int DefaultPrefixes = 20;

    public static Command Create(ToolContext context)
    {
        Argument<string> first = new("a.rdb") { Description = "The first file, such as yesterday's." };
        Argument<string> second = new("b.rdb") { Description = "The file to compare with it." };
        Option<int> keys = new("--keys") { Description = "Name so many differing keys of each kind. Without it no key is named.", HelpName = "count" };
        Option<int> prefixes = new("--prefixes")
        {
            Description = "How many prefixes of key names to show, those with the most differences; 0: none.",
            HelpName = "count",
            DefaultValueFactory = _ => DefaultPrefixes,
        };
        Option<string> separator = new("--separator")
        {
            Description = "What parts of key names are set apart by.",
            HelpName = "text",
            DefaultValueFactory = _ => InspectionOptions.Default.Separator,
        };
        Option<int> depth = new("--depth")
        {
            Description = "How many parts of a key's name make a prefix.",
            HelpName = "count",
            DefaultValueFactory = _ => InspectionOptions.Default.PrefixDepth,
        };
        Option<int> memory = new("--memory")
        {
            Description = "MiB for what is remembered of keys, 56 bytes for each of both files; beyond that a temporary file is used.",
            HelpName = "MiB",
            DefaultValueFactory = _ => (int)(KeyedRecordsOptions.Default.MemoryBytes >> 20),
        };
        Option<bool> json = new("--json") { Description = "Write JSON." };
        ToolCommand command = new(
            "diff",
            "Compares two files key by key: what was added, removed or changed in value, type or expiry, in whatever order and encoding the keys are "
            + "stored. Exit status 0: equal; 1: different, or a file is not good.",
            "cache-backup diff monday.rdb tuesday.rdb",
            "cache-backup diff monday.rdb tuesday.rdb --keys 20 --depth 2",
            "cache-backup diff before.rdb after.rdb --json | jq .keys")
        {
            first, second, keys, prefixes, separator, depth, memory, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            int shown = parsed.GetValue(prefixes);
            DiffOptions options = OptionsOf(
                parsed.GetValue(keys), shown, parsed.GetValue(separator)!, parsed.GetValue(depth), parsed.GetValue(memory));
            FileDiff diff = await FileDiffing.RunAsync(
                parsed.GetRequiredValue(first), parsed.GetRequiredValue(second), options, shown, context.Console, cancellationToken);
            if (parsed.GetValue(json))
            {
                context.Console.Output.WriteLine(JsonSerializer.Serialize(diff, FileReportJson.Default.FileDiff));
            }
            else
            {
                FileDiffPage.Write(diff, context.Console);
            }

            return diff.Equal ? ExitStatus.Success : ExitStatus.Failure;
        });
        return command;
    }

    private static DiffOptions OptionsOf(int keys, int prefixes, string separator, int depth, int memoryMiB)
    {
        if (keys is < 0 or > MostNamed || prefixes is < 0 or > MostNamed || memoryMiB < 0)
        {
            throw new BadUsageException($"--keys and --prefixes are 0 to {MostNamed}, and --memory is not negative.");
        }

        DiffOptions options = new()
        {
            Prefixes = InspectionOptions.Default with
            {
                Separator = separator,
                PrefixDepth = depth,
                MostPrefixes = prefixes == 0 ? 0 : InspectionOptions.Default.MostPrefixes,
            },
            Examples = keys,
            Records = KeyedRecordsOptions.Default with { MemoryBytes = (long)memoryMiB << 20 },
        };
        try
        {
            options.Validate();
            return options;
        }
        catch (InvalidRequestException e)
        {
            throw new BadUsageException(e.Message, e);
        }
    }
}
