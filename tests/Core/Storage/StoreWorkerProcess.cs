using System.Diagnostics;
using CacheBackup.Fixtures;

namespace CacheBackup.Core.Tests.Storage;

/// <summary>Another process that uses the same directory as a store.</summary>
internal sealed class StoreWorkerProcess : IDisposable
{
    private const string Program = "CacheBackup.StoreWorker.dll";
    private readonly Process _process;

    private StoreWorkerProcess(Process process) => _process = process;

    public int ExitCode => _process.ExitCode;

    /// <summary>Starts it; it waits for <see cref="Go"/>.</summary>
    public static StoreWorkerProcess Start(params string[] arguments) => Start([Environment.ProcessPath!], arguments);

    /// <summary>Starts it as a user to whom the modes of files apply, which they do not to root.</summary>
    public static StoreWorkerProcess StartUnprivileged(params string[] arguments) =>
        Environment.IsPrivilegedProcess
            ? Start(
                [Requires.Program("setpriv"), "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all", Environment.ProcessPath!],
                arguments)
            : Start(arguments);

    public void Go()
    {
        _process.StandardInput.WriteLine();
        _process.StandardInput.Flush();
    }

    public async Task<string?> ReadLineAsync() => await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);

    /// <summary>All lines until it ends.</summary>
    public async Task<List<string>> ReadToEndAsync()
    {
        var lines = new List<string>();
        while (await ReadLineAsync() is { } line)
        {
            lines.Add(line);
        }

        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return lines;
    }

    /// <summary>Kills it as nothing can be handled (SIGKILL).</summary>
    public void Kill() => _process.Kill();

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private static StoreWorkerProcess Start(string[] command, string[] arguments)
    {
        string dotnet = Path.GetFileNameWithoutExtension(command[^1]) == "dotnet" ? command[^1] : "dotnet";
        string[] words = [.. command[..^1], dotnet, Path.Combine(AppContext.BaseDirectory, Program), .. arguments];
        var start = new ProcessStartInfo(words[0], words[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        return new StoreWorkerProcess(Process.Start(start)!);
    }
}
