using System.CommandLine;
using CacheBackup.Core.Rewrites;

namespace CacheBackup.Local.Commands;

/// <summary><c>cache-backup rdb merge</c>: several files into one.</summary>
internal static class RdbMergeCommand
{
    public static Command Create(ToolContext context)
    {
        Argument<string[]> files = new("file.rdb") { Description = "The files to put together, two or more.", Arity = ArgumentArity.OneOrMore };
        Option<string> output = new("--output", "-o") { Description = "The file to write.", HelpName = "file.rdb", Required = true };
        RewriteCommandOptions options = new();
        ToolCommand command = new(
            "merge",
            "Puts several files together into one, such as the shards of a cluster. All are checked wholly before anything is written. A key that comes "
            + "twice, and function libraries of one name with different code, are refused.",
            "cache-backup rdb merge shard-1.rdb shard-2.rdb shard-3.rdb -o all.rdb",
            "cache-backup rdb merge a.rdb b.rdb -o all.rdb --rdb-version 10 --json")
        {
            files, output,
        };
        options.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string[] paths = parsed.GetRequiredValue(files);
            if (paths.Length < 2)
            {
                throw new BadUsageException("Name two files or more to put together.");
            }

            await new RewriteFiles(context, "merge", parsed.GetValue(options.Force))
                .RunAsync(options.Of(new WholeRoute(), parsed), paths, [parsed.GetRequiredValue(output)], parsed.GetValue(options.Json), cancellationToken);
            return ExitStatus.Success;
        });
        return command;
    }
}
