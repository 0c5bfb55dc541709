using Spectre.Console;

namespace CacheBackup.Local.Terminal;

/// <summary>
/// Where a command writes: results to the output, so that they can be piped; progress, remarks and errors to the error stream.
/// </summary>
internal sealed record ToolConsole
{
    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>The error stream is a terminal whose line can be redrawn.</summary>
    public bool IsTerminal { get; init; }

    /// <summary>The terminal shows more than ASCII.</summary>
    public bool IsUnicode { get; init; }

    /// <summary>The terminal's columns at present.</summary>
    public Func<int> Width { get; init; } = () => 80;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The console of this process.</summary>
    public static ToolConsole OfProcess() => new()
    {
        Output = System.Console.Out,
        Error = System.Console.Error,
        IsTerminal = !System.Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "dumb"),
        IsUnicode = System.Console.OutputEncoding.CodePage == System.Text.Encoding.UTF8.CodePage,
        Width = () => System.Console.WindowWidth is var width and > 0 ? width : 80,
    };

    /// <param name="totalBytes">Of all lanes; null: what the first lane says.</param>
    public ProgressPhase Begin(string activity, long? totalBytes = null) => new(this, activity, totalBytes);

    /// <summary>Writes a table to the output, without colours, and without cutting where the output is no terminal.</summary>
    public void Write(Table table)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(Output),
        });
        console.Profile.Capabilities.Unicode = IsUnicode;
        console.Profile.Width = IsTerminal ? Math.Max(60, Width()) : 200;
        table.Border = IsUnicode ? TableBorder.Rounded : TableBorder.Ascii;
        console.Write(table);
    }
}
