using System.CommandLine;

namespace CacheBackup.Local.Commands.Service;

/// <summary>Makes commands that speak to a service.</summary>
internal static class ServiceCommand
{
    /// <param name="parts">Arguments and options of its own.</param>
    public static ToolCommand Create(
        ToolContext context,
        string name,
        string description,
        IEnumerable<Symbol> parts,
        Func<ServiceSession, ParseResult, CancellationToken, Task> runAsync,
        params string[] examples)
    {
        ToolCommand command = new(name, description, examples);
        foreach (Symbol part in parts)
        {
            switch (part)
            {
                case Argument argument:
                    command.Arguments.Add(argument);
                    break;
                case Option option:
                    command.Options.Add(option);
                    break;
                default:
                    throw new ArgumentException($"{part.Name} is neither an argument nor an option.", nameof(parts));
            }
        }

        ServiceOptions options = new();
        options.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using ServiceSession session = new(options.Open(parsed, context), context.Console, options.IsJson(parsed));
            await runAsync(session, parsed, cancellationToken);
            return ExitStatus.Success;
        });
        return command;
    }

    /// <summary>A command that only holds others.</summary>
    public static ToolCommand Group(string name, string description, IEnumerable<Command> commands, params string[] examples)
    {
        ToolCommand group = new(name, description, examples);
        foreach (Command command in commands)
        {
            group.Subcommands.Add(command);
        }

        return group;
    }

    public static Option<bool> Wait() => new("--wait") { Description = "Wait until the job is over, and show how far it has come. Exit status 1 if it fails." };

    public static Option<int?> Limit() => new("--limit")
    {
        Description = "How many at most. Default: all.",
        HelpName = "count",
        Validators = { result => result.RequireAtLeast(1) },
    };

    private static void RequireAtLeast(this System.CommandLine.Parsing.OptionResult result, int least)
    {
        if (result.Tokens is [{ Value: var text }] && int.TryParse(text, out int number) && number < least)
        {
            result.AddError($"{result.Option.Name} is a whole number from {least} on.");
        }
    }
}
