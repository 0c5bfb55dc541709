using System.Diagnostics;
using System.Runtime.InteropServices;

namespace CacheBackup.EndToEnd;

/// <summary>The tool as users start it: a process of its own.</summary>
public sealed partial class ToolProcess : IDisposable
{
    public const int Interrupt = 2;
    public const int Terminate = 15;
    public const int Kill9 = 9;
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    private ToolProcess(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
        _error = process.StandardError.ReadToEndAsync();
    }

    public static string ProgramPath { get; } = Path.Combine(AppContext.BaseDirectory, "CacheBackup.Local");

    public int Id => _process.Id;

    public static ToolProcess Start(params string[] arguments) => Start(new ProcessStartInfo(ProgramPath, arguments));

    /// <summary>Runs the tool where a write beyond so many bytes of a file fails, as one to a full disk does.</summary>
    /// <param name="largestFile">In bytes; rounded down to the 512 that the shell counts in.</param>
    /// <param name="arguments">The tool's.</param>
    public static async Task<(int Status, string Output, string Error)> RunWithLargestFileAsync(int largestFile, params string[] arguments)
    {
        string limited = $"trap '' XFSZ; ulimit -f {largestFile / 512}; exec \"$0\" \"$@\"";
        ProcessStartInfo start = new("/bin/sh", ["-c", limited, ProgramPath, .. arguments]);

        // The runtime's second mapping of its code is a large file in memory, which the limit counts too.
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        using ToolProcess tool = Start(start);
        return await tool.EndAsync();
    }

    private static ToolProcess Start(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.RedirectStandardInput = true;
        start.Environment.Remove("CACHE_BACKUP_PASSWORD");
        Process process = Process.Start(start)!;
        process.StandardInput.Close();
        return new ToolProcess(process);
    }

    public static async Task<(int Status, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using ToolProcess tool = Start(arguments);
        return await tool.EndAsync();
    }

    public void Signal(int signal) => _ = Kill(_process.Id, signal);

    public async Task<(int Status, string Output, string Error)> EndAsync()
    {
        using CancellationTokenSource patience = new(TimeSpan.FromMinutes(3), TimeProvider.System);
        await _process.WaitForExitAsync(patience.Token);
        return (_process.ExitCode, await _output, await _error);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
