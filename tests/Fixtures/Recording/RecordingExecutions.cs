using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Fixtures.Recording;

/// <summary>Executions whose calls are noted, each with its state machine.</summary>
/// <param name="machineOf">The machine in an execution's id.</param>
public sealed class RecordingExecutions(IExecutions inner, Func<ExecutionId, string> machineOf, CallRecorder recorder) : IExecutions
{
    public const string Target = "executions";

    public ExecutionId IdOf(string machine, string name) => inner.IdOf(machine, name);

    public bool Knows(ExecutionId id) => inner.Knows(id);

    public Task StartAsync(ExecutionId id, ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        recorder.Note(Target, "Start", machineOf(id));
        return inner.StartAsync(id, input, cancellationToken);
    }

    public Task<ExecutionDescription?> DescribeAsync(ExecutionId id, CancellationToken cancellationToken)
    {
        recorder.Note(Target, "Describe");
        return inner.DescribeAsync(id, cancellationToken);
    }

    public Task<IReadOnlyList<ExecutionDescription>> ListRunningAsync(string? machine, int most, CancellationToken cancellationToken)
    {
        recorder.Note(Target, "ListRunning");
        return inner.ListRunningAsync(machine, most, cancellationToken);
    }

    public Task<int> ForgetEndedAsync(DateTimeOffset before, CancellationToken cancellationToken) => inner.ForgetEndedAsync(before, cancellationToken);

    public Task StopAsync(ExecutionId id, string error, string cause, CancellationToken cancellationToken)
    {
        recorder.Note(Target, "Stop", machineOf(id));
        return inner.StopAsync(id, error, cause, cancellationToken);
    }
}
