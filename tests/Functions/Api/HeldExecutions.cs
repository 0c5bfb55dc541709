using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Tests.Api;

/// <summary>Executions whose first start waits until it is let go: what is done before it stays as it is, as after a crash.</summary>
internal sealed class HeldExecutions(IExecutions inner, HeldStart held) : IExecutions
{
    public ExecutionId IdOf(string machine, string name) => inner.IdOf(machine, name);

    public bool Knows(ExecutionId id) => inner.Knows(id);

    public async Task StartAsync(ExecutionId id, ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        await held.PassAsync();
        await inner.StartAsync(id, input, cancellationToken);
    }

    public Task<ExecutionDescription?> DescribeAsync(ExecutionId id, CancellationToken cancellationToken) => inner.DescribeAsync(id, cancellationToken);

    public Task<IReadOnlyList<ExecutionDescription>> ListRunningAsync(string? machine, int most, CancellationToken cancellationToken) =>
        inner.ListRunningAsync(machine, most, cancellationToken);

    public Task StopAsync(ExecutionId id, string error, string cause, CancellationToken cancellationToken) =>
        inner.StopAsync(id, error, cause, cancellationToken);
}
