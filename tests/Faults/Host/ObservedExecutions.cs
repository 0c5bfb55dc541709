using System.Collections.Concurrent;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Faults.Host;

/// <summary>Tells of executions that were started.</summary>
internal sealed class ObservedExecutions(IExecutions inner, EffectLog effects) : IExecutions
{
    private readonly ConcurrentDictionary<ExecutionId, string> _machines = new();

    public ExecutionId IdOf(string machine, string name)
    {
        ExecutionId id = inner.IdOf(machine, name);
        _machines[id] = machine;
        return id;
    }

    public bool Knows(ExecutionId id) => inner.Knows(id);

    public async Task StartAsync(ExecutionId id, ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        await inner.StartAsync(id, input, cancellationToken);
        effects.Tell($"execution of {_machines[id]} started");
    }

    public Task<ExecutionDescription?> DescribeAsync(ExecutionId id, CancellationToken cancellationToken) =>
        inner.DescribeAsync(id, cancellationToken);

    public Task<IReadOnlyList<ExecutionDescription>> ListRunningAsync(string? machine, int most, CancellationToken cancellationToken) =>
        inner.ListRunningAsync(machine, most, cancellationToken);

    public Task StopAsync(ExecutionId id, string error, string cause, CancellationToken cancellationToken) =>
        inner.StopAsync(id, error, cause, cancellationToken);
}
