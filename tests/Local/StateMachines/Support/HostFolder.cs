using CacheBackup.Local.StateMachines;

namespace CacheBackup.Local.Tests.StateMachines.Support;

/// <summary>A directory of executions that outlives the hosts which a test opens on it, one after the other.</summary>
internal sealed class HostFolder : IExecutionEnded, IDisposable
{
    public const string TwoTasks = """
        { "StartAt": "A", "States": {
          "A": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": { "FunctionName": "${First}", "Payload.$": "$" },
                 "OutputPath": "$.Payload", "Next": "B" },
          "B": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": { "FunctionName": "${Second}", "Payload.$": "$" },
                 "OutputPath": "$.Payload", "End": true } } }
        """;

    private readonly string _root = Directory.CreateTempSubdirectory("cache-backup-executions-").FullName;

    public TurnedClock Clock { get; } = new();

    public ScriptedInvoker Functions { get; } = new();

    public List<ExecutionEnded> Ended { get; } = [];

    public Func<ExecutionEnded, Task> OnEnded { get; set; } = _ => Task.CompletedTask;

    public string Executions => Path.Combine(_root, "executions");

    public Func<ExecutionHostOptions, ExecutionHostOptions> Options { get; set; } = options => options;

    public static ExecutionKey Key(string name) => new("job", name);

    public string FileOf(string execution, string file) => Path.Combine(Executions, "job", execution, file);

    /// <summary>Puts a file back to an earlier state, as if the host had ended then, and takes the end away.</summary>
    public void Rewind(string execution, string file, ReadOnlySpan<byte> content)
    {
        File.Delete(FileOf(execution, HostFile.End));
        File.WriteAllBytes(FileOf(execution, file), content);
    }

    public ExecutionHost Open(string definition = TwoTasks, TurnedClock? clock = null) => ExecutionHost.Open(
        Options(new ExecutionHostOptions
        {
            DirectoryPath = Executions,
            Runner = new RunnerOptions { Invoker = Functions, Clock = clock ?? Clock },
            Ended = this,
            FlushToDisk = false,
        }),
        [StateMachineDefinition.Parse("job", definition)]);

    public async Task OnEndedAsync(ExecutionEnded ended, CancellationToken cancellationToken)
    {
        await OnEnded(ended);
        Ended.Add(ended);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
