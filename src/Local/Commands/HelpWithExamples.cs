using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace CacheBackup.Local.Commands;

/// <summary>The library's help, followed by the command's examples.</summary>
internal sealed class HelpWithExamples(HelpAction help, IReadOnlyList<string> examplesOfTool) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        int status = help.Invoke(parseResult);
        IReadOnlyList<string> examples = parseResult.CommandResult.Command is ToolCommand command ? command.Examples : examplesOfTool;
        TextWriter output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (string example in examples)
        {
            output.WriteLine($"  {example}");
        }

        output.WriteLine();
        return status;
    }
}
