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
        PrefixOptions prefixes = new("the biggest");
        ToolCommand command = new(
            "inspect",
            "Shows what is in a file: keys, expiries, bytes and estimated memory by type, database, encoding and prefix, functions, and the biggest keys by "
            + "name. Decodes every value and checks the file on the way.",
            "cache-backup inspect orders.rdb",
            "cache-backup inspect orders.rdb --separator / --depth 2 --prefixes 50",
            "cache-backup inspect orders.rdb --json --biggest 100")
        {
            file, json, biggest,
        };
        prefixes.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            InspectionOptions look = prefixes.Of(parsed) with { Biggest = CountOption.InRange(parsed, biggest, MostBiggest) };
            Require(look);
            Inspection inspection = await FileInspection.RunAsync(
                parsed.GetRequiredValue(file), new FileInspectionOptions(look, prefixes.ShownIn(parsed)), context.Console, cancellationToken);
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
