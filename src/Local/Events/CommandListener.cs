using System.ComponentModel;
using System.Diagnostics;

namespace CacheBackup.Local.Events;

/// <summary>
/// Runs a program for each event, with the event as one line of JSON on its standard input. What it writes goes where the host's own
/// output goes. One that takes longer than half a minute is killed, with what it started.
/// </summary>
/// <param name="command">The program and its arguments.</param>
internal sealed class CommandListener(IReadOnlyList<string> command, TimeProvider time) : IEventListener
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly byte[] NewLine = "\n"u8.ToArray();

    public string Name => $"The command {command[0]}";

    public async Task DeliverAsync(ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(Limit, time);
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using Process process = Start();
        try
        {
            await WriteAsync(process, json, ending.Token);
            await process.WaitForExitAsync(ending.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            throw new EventNotDeliveredException($"it did not end within {Limit.TotalSeconds:0} s and was killed.");
        }

        if (process.ExitCode != 0)
        {
            throw new EventNotDeliveredException($"it ended with status {process.ExitCode}.");
        }
    }

    private Process Start()
    {
        try
        {
            ProcessStartInfo start = new(command[0], command.Skip(1)) { RedirectStandardInput = true };
            return Process.Start(start) ?? throw new EventNotDeliveredException("it could not be started.");
        }
        catch (Exception e) when (e is Win32Exception or FileNotFoundException)
        {
            throw new EventNotDeliveredException($"it could not be started: {e.Message}", e);
        }
    }

    private static async Task WriteAsync(Process process, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        try
        {
            Stream input = process.StandardInput.BaseStream;
            await input.WriteAsync(json, cancellationToken);
            await input.WriteAsync(NewLine, cancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It does not read its input, or has ended already: how it ends says whether that was right.
        }
    }
}
