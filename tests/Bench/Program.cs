using System.Runtime.InteropServices;
using CacheBackup.Bench;

BenchOptions options;
try
{
    options = BenchOptions.Parse(args);
}
catch (FormatException e)
{
    Console.Error.WriteLine(e.Message);
    Console.Error.WriteLine(BenchOptions.Usage);
    return 2;
}

using var interruption = new CancellationTokenSource();

// What was started is ended, and what was written removed, on the way out.
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
try
{
    string report = await new BenchRun(options).RunAsync(interruption.Token);
    Console.Out.WriteLine(report);
    if (options.OutputPath is { } path)
    {
        await File.WriteAllTextAsync(path, report, interruption.Token);
    }

    return 0;
}
catch (Exception e) when (e is InvalidOperationException or IOException or OperationCanceledException)
{
    Console.Error.WriteLine($"bench: {e.Message}");
    return 1;
}

void Interrupt(PosixSignalContext signal)
{
    signal.Cancel = true;
    interruption.Cancel();
}
