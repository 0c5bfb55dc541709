using System.CommandLine;
using System.Text.Json;

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
            Description = "How many of the biggest keys to name.",
            HelpName = "count",
            DefaultValueFactory = _ => DefaultBiggest,
        };
        ToolCommand command = new(
            "inspect",
            "Shows what is in a file: keys, expiries and bytes by type and database, functions, and the biggest keys by name. Checks it on the way.",
            "cache-backup inspect orders.rdb",
            "cache-backup inspect orders.rdb --json --biggest 100")
        {
            file, json, biggest,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            int count = parsed.GetValue(biggest);
            if (count is < 0 or > MostBiggest)
            {
                throw new BadUsageException($"--biggest is 0 to {MostBiggest}.");
            }

            Inspection inspection = await FileInspection.RunAsync(parsed.GetRequiredValue(file), count, context.Console, cancellationToken);
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
}
