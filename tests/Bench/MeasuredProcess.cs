using System.Diagnostics;

namespace CacheBackup.Bench;

/// <summary>Runs one program to its end and counts. One at a time: processor time is the difference in that of all ended children.</summary>
internal static class MeasuredProcess
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(10);

    /// <param name="program">A name or path.</param>
    /// <param name="arguments">Each an argument of its own.</param>
    /// <param name="inputPath">A file that becomes its standard input; null: none.</param>
    /// <param name="server">A server that works for it, and whose processor time is to be told; null: none.</param>
    /// <exception cref="InvalidOperationException">It did not end with status 0; the message has the end of what it said.</exception>
    public static async Task<Sample> RunAsync(
        string program, IReadOnlyList<string> arguments, string? inputPath, int? server, CancellationToken cancellationToken)
    {
        double serverBefore = server is { } before ? ProcessFigures.CpuSeconds(before) : 0;
        double cpuBefore = ProcessFigures.EndedChildrenSeconds();
        long began = TimeProvider.System.GetTimestamp();
        using Process process = Start(program, arguments, inputPath);
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(cancellationToken);
        Task ended = process.WaitForExitAsync(cancellationToken);
        long peak = 0;
        try
        {
            while (!ended.IsCompleted)
            {
                peak = Math.Max(peak, ProcessFigures.PeakBytes(process.Id));
                await Task.WhenAny(ended, Task.Delay(LookEvery, TimeProvider.System, cancellationToken));
            }

            await ended;
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        double seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        string said = await output + await error;
        return process.ExitCode == 0
            ? new Sample(
                seconds,
                ProcessFigures.EndedChildrenSeconds() - cpuBefore,
                peak,
                server is { } after ? ProcessFigures.CpuSeconds(after) - serverBefore : null)
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {said[Math.Max(0, said.Length - 500)..]}");
    }

    private static Process Start(string program, IReadOnlyList<string> arguments, string? inputPath)
    {
        // The shell becomes the program; it is there to open its input.
        ProcessStartInfo start = inputPath is null
            ? new ProcessStartInfo(program, arguments)
            : new ProcessStartInfo("/bin/sh", ["-c", "input=$1; shift; exec \"$@\" <\"$input\"", "sh", inputPath, program, .. arguments]);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        return Process.Start(start)!;
    }
}
