using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using CacheBackup.Local.StateMachines;

namespace CacheBackup.Local.Tests.StateMachines.Support;

/// <summary>
/// The host that is killed: this assembly, started again with a directory in its environment. It writes each of its effects as a line
/// and waits for an answer before it goes on, so that a kill comes right after the effect and not some time later.
/// </summary>
internal static class KilledHost
{
    private const string Variable = "CACHE_BACKUP_TEST_KILLED_HOST";

    public static string[] Functions { get; } = ["F1", "F2", "F3", "F4", "F5", "F6"];

    public static ExecutionKey Key { get; } = new("chain", "killed");

    public static Process Start(string directory)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment = { [Variable] = directory },
        };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(KilledHost).Assembly.Location);
        }

        return Process.Start(start)!;
    }

    public static ExecutionHost Open(string directory, ITaskInvoker invoker, IExecutionEnded ended) => ExecutionHost.Open(
        new ExecutionHostOptions { DirectoryPath = directory, Runner = new RunnerOptions { Invoker = invoker }, Ended = ended },
        [StateMachineDefinition.Parse(Key.StateMachine, Chain(Functions))]);

#pragma warning disable CA2255 // A test assembly has no entry of its own to put this into.
    [ModuleInitializer]
    internal static void RunIfAsked()
#pragma warning restore CA2255
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } directory)
        {
            TurnedThread.Run(new TurnedClock(), () => RunAsync(directory));
            Environment.Exit(0);
        }
    }

    private static async Task RunAsync(string directory)
    {
        var invoker = new ScriptedInvoker();
        foreach (string function in Functions)
        {
            invoker.On(function, _ =>
            {
                Tell(function);
                return "1";
            });
        }

        using var folder = new HostFolder();
        await using ExecutionHost host = Open(directory, invoker, folder);
        await host.StartAsync(Key, JsonElement.Parse("{}"), CancellationToken.None);
        Tell("start");
        await host.WaitAsync(Key, CancellationToken.None);
        Tell("end");
    }

    private static void Tell(string effect)
    {
        Console.Out.WriteLine(effect);
        Console.Out.Flush();
        Console.In.ReadLine();
    }

    private static string Chain(string[] functions) => $$"""
        { "StartAt": "{{functions[0]}}", "States": {
        {{string.Join(",\n", functions.Select((function, i) => $$"""
            "{{function}}": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": { "FunctionName": "{{function}}" }, "ResultPath": null,
              {{(i + 1 < functions.Length ? $"\"Next\": \"{functions[i + 1]}\"" : "\"End\": true")}} }
            """))}}
        } }
        """;
}
