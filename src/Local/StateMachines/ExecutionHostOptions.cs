using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CacheBackup.Local.StateMachines;

/// <summary>How a host keeps and runs executions.</summary>
public sealed record ExecutionHostOptions
{
    /// <summary>The directory of executions, <c>&lt;data&gt;/executions</c>; made with mode 0700 where it is missing.</summary>
    public required string DirectoryPath { get; init; }

    /// <summary>What the runner works with.</summary>
    public required RunnerOptions Runner { get; init; }

    /// <summary>Who is told of the executions that do not succeed.</summary>
    public required IExecutionEnded Ended { get; init; }

    /// <summary>
    /// What an execution is known by outside and sees as <c>$$.Execution.Id</c>; by default an ARN of the Region <c>local</c>. Kept with
    /// the execution: a later change concerns only new ones.
    /// </summary>
    public Func<ExecutionKey, string> IdOf { get; init; } = key => $"arn:aws:states:local:000000000000:execution:{key.StateMachine}:{key.Name}";

    /// <summary>How many executions are at work at once: 64. The others wait for a place, in the order in which they were started.</summary>
    public int MaximumRunning { get; init; } = 64;

    /// <summary>How many executions may be open, those that wait included: 10,000. A further start is refused.</summary>
    public int MaximumOpen { get; init; } = 10_000;

    /// <summary>
    /// Whether what must survive the end of the machine (a start, a task's start and end, an end) is flushed to the disk: yes. Without it,
    /// only the end of the process is survived; tests that restart a host thousands of times do without.
    /// </summary>
    public bool FlushToDisk { get; init; } = true;

    /// <summary>Stands between an execution and its journal: tests put a log there that fails.</summary>
    internal Func<IExecutionLog, IExecutionLog> Decorate { get; init; } = log => log;

    /// <summary>Where trouble is told: executions that could not be resumed, journals that cannot be written.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;
}
