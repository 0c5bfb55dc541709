using System.Collections.Concurrent;
using System.Text;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Api;

/// <summary>
/// Executions that wait: an operation that starts one is told that it has started, and it starts once the request's answer is recorded. An
/// operation reserves names first and starts last, so that nothing else of it waits.
/// </summary>
internal sealed class WaitingExecutions(IExecutions inner, TimeProvider time) : IExecutions
{
    private readonly ConcurrentDictionary<ExecutionId, (string Machine, string Name)> _named = new();
    private readonly ConcurrentDictionary<ExecutionId, ExecutionDescription> _waiting = new();

    /// <summary>What is to be started.</summary>
    public IReadOnlyList<RequestedExecution> Waiting =>
        [.. _waiting.Values.Select(w => new RequestedExecution(w.Id, w.Machine, w.Input)).OrderBy(w => w.Id.Value, StringComparer.Ordinal)];

    public ExecutionId IdOf(string machine, string name)
    {
        ExecutionId id = inner.IdOf(machine, name);
        _named[id] = (machine, name);
        return id;
    }

    public bool Knows(ExecutionId id) => inner.Knows(id);

    public Task StartAsync(ExecutionId id, ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        if (!_named.TryGetValue(id, out (string Machine, string Name) named))
        {
            throw new InvalidOperationException($"Execution {id} is started by an operation that did not name it.");
        }

        _waiting[id] = new ExecutionDescription
        {
            Id = id,
            Machine = named.Machine,
            Name = named.Name,
            Status = ExecutionStatus.Running,
            StartedAt = time.GetUtcNow(),
            Input = Encoding.UTF8.GetString(input.Span),
        };
        return Task.CompletedTask;
    }

    public Task<ExecutionDescription?> DescribeAsync(ExecutionId id, CancellationToken cancellationToken) =>
        _waiting.TryGetValue(id, out ExecutionDescription? waiting)
            ? Task.FromResult<ExecutionDescription?>(waiting)
            : inner.DescribeAsync(id, cancellationToken);

    public Task<IReadOnlyList<ExecutionDescription>> ListRunningAsync(string? machine, int most, CancellationToken cancellationToken) =>
        inner.ListRunningAsync(machine, most, cancellationToken);

    public Task<int> ForgetEndedAsync(DateTimeOffset before, CancellationToken cancellationToken) => inner.ForgetEndedAsync(before, cancellationToken);

    public Task StopAsync(ExecutionId id, string error, string cause, CancellationToken cancellationToken) =>
        _waiting.TryRemove(id, out _) ? Task.CompletedTask : inner.StopAsync(id, error, cause, cancellationToken);
}
