using System.CommandLine;
using System.Text.Json;
using CacheBackup.Local.Terminal;

namespace CacheBackup.Local.Commands;

/// <summary><c>cache-backup verify</c>: is a file what it says?</summary>
internal static class VerifyCommand
{
    public static Command Create(ToolContext context)
    {
        Argument<string> file = new("file.rdb") { Description = "The file to check." };
        Option<bool> json = new("--json") { Description = "Write JSON." };
        Option<bool> values = new("--values") { Description = "Also decode every value: worth it for files without a checksum." };
        ToolCommand command = new(
            "verify",
            "Reads a whole file and checks every byte. Exit status 0: verified, or unverified because it states no checksum; 1: damaged or unsupported.",
            "cache-backup verify orders.rdb",
            "cache-backup verify orders.rdb --json | jq -r .verdict")
        {
            file, json, values,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            Verification verification = await FileVerification.RunAsync(
                parsed.GetRequiredValue(file), parsed.GetValue(values), context.Console, cancellationToken);
            context.Console.Output.WriteLine(parsed.GetValue(json)
                ? JsonSerializer.Serialize(verification, FileReportJson.Default.Verification)
                : Sentence(verification));
            return verification.IsReadable ? ExitStatus.Success : ExitStatus.Failure;
        });
        return command;
    }

    private static string Sentence(Verification verification)
    {
        string sentence = $"{verification.File}: {verification.Verdict}. {verification.Reason}";
        return verification.IsReadable
            ? $"{sentence} {verification.RdbVersion}, {Readable.Bytes(verification.SizeBytes)}, {Readable.Count(verification.Keys, "key")}."
            : $"{sentence} Up to there {Readable.Count(verification.Keys, "key")} could be read.";
    }
}
