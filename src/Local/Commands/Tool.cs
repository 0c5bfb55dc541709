using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using CacheBackup.Core;
using CacheBackup.Core.Storage.Files;
using CacheBackup.Local.Commands.Service;

namespace CacheBackup.Local.Commands;

/// <summary>The tool <c>cache-backup</c>: its commands, and what becomes of their failures.</summary>
internal static class Tool
{
    private const string ToolName = "cache-backup";
    private const string Description =
        "Backs up and restores any Valkey or Redis OSS cache, and proves that each backup is what it says. "
        + "Passwords come from the environment variable CACHE_BACKUP_PASSWORD or from a file, never from the command line.";

    private static readonly string[] Examples =
    [
        "cache-backup demo                                          see all of it work, on a server of its own",
        "cache-backup snapshot redis://localhost:6379 orders.rdb    take a cache's data into a file",
        "cache-backup verify orders.rdb                             check every byte of it",
        "cache-backup restore orders.rdb redis://localhost:6380     fill an empty cache and compare every key",
        "cache-backup serve --data ~/cache-backup                   run the whole service on this machine",
        "cache-backup backups create nightly --cache shop --wait    ask that service for a backup",
    ];

    /// <summary>Runs one command line to its end.</summary>
    /// <returns>One of <see cref="ExitStatus"/>; <see cref="ExitStatus.Interrupted"/> where it was cancelled.</returns>
    public static async Task<int> RunAsync(string[] arguments, ToolContext context, CancellationToken cancellationToken)
    {
        Option<bool> debug = new("--debug") { Description = "Show where an error comes from.", Recursive = true };
        ToolCommand root = Build(context, debug);
        ParseResult parsed = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction)
        {
            return RefuseUsage(parsed, context);
        }

        try
        {
            InvocationConfiguration invocation = new()
            {
                Output = context.Console.Output,
                Error = context.Console.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            };
            return await parsed.InvokeAsync(invocation, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Tell(context, parsed, "interrupted before its end.");
            return ExitStatus.Interrupted;
        }
        catch (Exception e)
        {
            // The edge of the process: whatever it is becomes one line and an exit status.
            Tell(context, parsed, Explain(e));
            if (parsed.GetValue(debug))
            {
                context.Console.Error.WriteLine(e);
            }

            return e is BadUsageException ? ExitStatus.BadUsage : ExitStatus.Failure;
        }
    }

    private static ToolCommand Build(ToolContext context, Option<bool> debug)
    {
        // Not a RootCommand: that one is called what the program's file is called.
        ToolCommand root = new(ToolName, Description, Examples)
        {
            SnapshotCommand.Create(context),
            RestoreCommand.Create(context),
            VerifyCommand.Create(context),
            InspectCommand.Create(context),
            DiffCommand.Create(context),
            RdbCommand.Create(context),
            ServeCommand.Create(context),
            CachesCommand.Create(context),
            BackupsCommand.Create(context),
            ExecutionsCommand.Create(context),
            EventsCommand.Create(context),
            CatalogCommand.Create(context),
            RightsCommand.Create(context),
            DemoCommand.Create(context),
        };
        HelpOption help = new();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        root.Options.Add(help);
        root.Options.Add(new VersionOption { Action = new VersionAction() });
        root.Options.Add(debug);
        return root;
    }

    private static int RefuseUsage(ParseResult parsed, ToolContext context)
    {
        string[] messages = [.. parsed.Errors.Select(error => error.Message).Distinct()];
        string[] unknown = [.. messages.Where(message => message.Contains('\'', StringComparison.Ordinal))];
        foreach (string message in unknown.Length > 0 ? unknown : messages)
        {
            Tell(context, parsed, message);
        }

        context.Console.Error.WriteLine($"See: {NameOf(parsed)} --help");
        return ExitStatus.BadUsage;
    }

    private static void Tell(ToolContext context, ParseResult parsed, string message) =>
        context.Console.Error.WriteLine($"{NameOf(parsed)}: {message.ReplaceLineEndings(" ")}");

    /// <summary><c>cache-backup backups list</c>.</summary>
    private static string NameOf(ParseResult parsed)
    {
        List<string> names = [];
        for (SymbolResult? result = parsed.CommandResult; result is CommandResult command; result = command.Parent)
        {
            names.Insert(0, command.Command.Name);
        }

        return string.Join(' ', names);
    }

    /// <summary>Our own errors say what failed and what to do, and so do the system's about files.</summary>
    private static string Explain(Exception e) => e switch
    {
        PermanentException or TransientException or IOException or UnauthorizedAccessException => e.Message,
        _ when FileTooLarge.IsToldBy(e) => FileTooLarge.Message,
        _ => $"unexpected {e.GetType().Name}: {e.Message} Run again with --debug and report it.",
    };

    private sealed class VersionAction : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            parseResult.InvocationConfiguration.Output.WriteLine(VersionText.Get());
            return ExitStatus.Success;
        }
    }
}
