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
    private const int MostMemoryMiB = 1 << 20;

    public static Command Create(ToolContext context)
    {
        Argument<string> first = new("a.rdb") { Description = "The first file, such as yesterday's." };
        Argument<string> second = new("b.rdb") { Description = "The file to compare with it." };
        Option<int> keys = new("--keys") { Description = "Name so many differing keys of each kind. Without it no key is named.", HelpName = "count" };
        PrefixOptions prefixes = new("those with the most differences");
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
            first, second, keys, memory, json,
        };
        prefixes.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            DiffOptions options = OptionsOf(
                CountOption.InRange(parsed, keys, MostNamed), prefixes.Of(parsed), CountOption.InRange(parsed, memory, MostMemoryMiB));
            FileDiff diff = await FileDiffing.RunAsync(
                parsed.GetRequiredValue(first), parsed.GetRequiredValue(second), options, prefixes.ShownIn(parsed), context.Console, cancellationToken);
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

    private static DiffOptions OptionsOf(int keys, InspectionOptions prefixes, int memoryMiB)
    {
        DiffOptions options = new()
        {
            Prefixes = prefixes,
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
