using System.CommandLine;
using System.Text.Json;
using CacheBackup.Core.Inspections;
using CacheBackup.Core.Model;

namespace CacheBackup.Local.Commands;

/// <summary><c>cache-backup inspect</c>: what is in a file.</summary>
internal static class InspectCommand
{
    private const int DefaultBiggest = 10;
    private const int MostBiggest = 10_000;
    private const int DefaultPrefixes = 20;
    private const int MostPrefixes = 10_000;

    public static Command Create(ToolContext context)
    {
        Argument<string> file = new("file.rdb") { Description = "The file to look into." };
        Option<bool> json = new("--json") { Description = "Write JSON." };
        Option<int> biggest = new("--biggest")
        {
            Description = "How many of the biggest keys to name, by bytes and by elements; 0: none.",
            HelpName = "count",
            DefaultValueFactory = _ => DefaultBiggest,
        };
        Option<int> prefixes = new("--prefixes")
        {
            Description = "How many of the biggest prefixes of key names to show; 0: none.",
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
        ToolCommand command = new(
            "inspect",
            "Shows what is in a file: keys, expiries, bytes and estimated memory by type, database, encoding and prefix, functions, and the biggest keys by "
            + "name. Decodes every value and checks the file on the way.",
            "cache-backup inspect orders.rdb",
            "cache-backup inspect orders.rdb --separator / --depth 2 --prefixes 50",
            "cache-backup inspect orders.rdb --json --biggest 100")
        {
            file, json, biggest, prefixes, separator, depth,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            int shown = InRange(parsed, prefixes, MostPrefixes);
            InspectionOptions look = InspectionOptions.Default with
            {
                Biggest = InRange(parsed, biggest, MostBiggest),
                Separator = parsed.GetValue(separator)!,
                PrefixDepth = parsed.GetValue(depth),
                MostPrefixes = shown == 0 ? 0 : InspectionOptions.Default.MostPrefixes,
            };
            Require(look);
            Inspection inspection = await FileInspection.RunAsync(
                parsed.GetRequiredValue(file), new FileInspectionOptions(look, shown), context.Console, cancellationToken);
            if (parsed.GetValue(json))
            {
                context.Console.Output.WriteLine(JsonSerializer.Serialize(inspection, FileReportJson.Default.Inspection));
            }
            else
            {
                InspectionPage.Write(inspection, context.Console);
            }

            return ExitStatus.Success;
        });
        return command;
    }

    private static int InRange(ParseResult parsed, Option<int> option, int most) =>
        parsed.GetValue(option) is >= 0 and var value && value <= most ? value : throw new BadUsageException($"{option.Name} is 0 to {most}.");

    private static void Require(InspectionOptions options)
    {
        try
        {
            options.Validate();
        }
        catch (InvalidRequestException e)
        {
            throw new BadUsageException(e.Message, e);
        }
    }
}
