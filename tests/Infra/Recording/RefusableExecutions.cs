using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Infra.Tests.Recording;

/// <summary>Executions that Step Functions does not start while a test wants it so: whoever reserved something for one gives it back.</summary>
internal sealed class RefusableExecutions(IExecutions inner) : IExecutions
{
    public const string Reason = "Planned by a test: not started.";

    public bool Refuses { get; set; }

    public ExecutionId IdOf(string machine, string name) => inner.IdOf(machine, name);

    public bool Knows(ExecutionId id) => inner.Knows(id);

    public Task StartAsync(ExecutionId id, ReadOnlyMemory<byte> input, CancellationToken cancellationToken) => Refuses
        ? throw new InvalidRequestException(Reason)
        : inner.StartAsync(id, input, cancellationToken);

    /// <summary>Starts what nobody of ours asks for: a rule of EventBridge's does.</summary>
    public Task StartByRuleAsync(string machine, string name) => inner.StartAsync(inner.IdOf(machine, name), "{}"u8.ToArray(), default);

    public Task<ExecutionDescription?> DescribeAsync(ExecutionId id, CancellationToken cancellationToken) => inner.DescribeAsync(id, cancellationToken);

    public Task<IReadOnlyList<ExecutionDescription>> ListRunningAsync(string? machine, int most, CancellationToken cancellationToken) =>
        inner.ListRunningAsync(machine, most, cancellationToken);

    public Task<int> ForgetEndedAsync(DateTimeOffset before, CancellationToken cancellationToken) => inner.ForgetEndedAsync(before, cancellationToken);

    public Task StopAsync(ExecutionId id, string error, string cause, CancellationToken cancellationToken) =>
        inner.StopAsync(id, error, cause, cancellationToken);
}
