using System.Collections.Concurrent;
using System.Text;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Fixtures.Operations;

/// <summary>Executions that are noted and never run: a test takes their steps itself, and ends them.</summary>
public sealed class MemoryExecutions(TimeProvider time) : IExecutions
{
    private const string Here = "test:here:";

    private readonly ConcurrentDictionary<ExecutionId, ExecutionDescription> _started = new();

    /// <summary>What the next starts throw; null: they succeed.</summary>
    public Exception? StartFailure { get; set; }

    public IReadOnlyCollection<ExecutionDescription> Started => [.. _started.Values];

    public ExecutionId IdOf(string machine, string name) => new($"{Here}{machine}:{name}");

    public bool Knows(ExecutionId id) => id.Value.StartsWith(Here, StringComparison.Ordinal);

    public Task StartAsync(ExecutionId id, ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        if (StartFailure is { } failure)
        {
            return Task.FromException(failure);
        }

        string[] parts = id.Value[Here.Length..].Split(':');
        _started.TryAdd(id, new ExecutionDescription
        {
            Id = id,
            Machine = parts[0],
            Name = parts[1],
            Status = ExecutionStatus.Running,
            StartedAt = time.GetUtcNow(),
            Input = Encoding.UTF8.GetString(input.Span),
        });
        return Task.CompletedTask;
    }

    public Task<ExecutionDescription?> DescribeAsync(ExecutionId id, CancellationToken cancellationToken) =>
        Task.FromResult(_started.GetValueOrDefault(id));

    public Task<IReadOnlyList<ExecutionDescription>> ListRunningAsync(string? machine, int most, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ExecutionDescription>>(
        [
            .. _started.Values.Where(e => e.Status == ExecutionStatus.Running && (machine is null || e.Machine == machine))
                .OrderByDescending(e => e.StartedAt).Take(most),
        ]);

    public Task StopAsync(ExecutionId id, string error, string cause, CancellationToken cancellationToken)
    {
        End(id, ExecutionStatus.Aborted, error, cause);
        return Task.CompletedTask;
    }

    /// <summary>As if it had been over long ago.</summary>
    public void Forget(ExecutionId id) => _started.TryRemove(id, out _);

    /// <summary>Ends a running execution; one that has ended stays as it is.</summary>
    public void End(ExecutionId id, ExecutionStatus status, string? error = null, string? cause = null)
    {
        ExecutionDescription running = _started[id];
        if (running.Status == ExecutionStatus.Running)
        {
            _started[id] = running with { Status = status, EndedAt = time.GetUtcNow(), Error = error, Cause = cause };
        }
    }
}
