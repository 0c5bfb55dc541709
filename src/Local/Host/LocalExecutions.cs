using System.Text.Json;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Storage;
using CacheBackup.Local.StateMachines;
using ExecutionStatus = CacheBackup.Core.Operations.ExecutionStatus;
using RunnerStatus = CacheBackup.Local.StateMachines.ExecutionStatus;

namespace CacheBackup.Local.Host;

/// <summary>The local runner as the operations see it.</summary>
internal sealed class LocalExecutions(Func<ExecutionHost> host, HostIdentity identity) : IExecutions
{
    public ExecutionId IdOf(string machine, string name) => identity.IdOf(new ExecutionKey(machine, name));

    public bool Knows(ExecutionId id) => identity.TryParse(id, out _);

    public async Task StartAsync(ExecutionId id, ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        JsonElement json = JsonSerializer.Deserialize(input.Span, LocalJson.Default.JsonElement);
        try
        {
            await host().StartAsync(Parse(id), json, cancellationToken);
        }
        catch (ExecutionAlreadyExistsException)
        {
            // Names are used once: one that exists was started by an earlier call of the same operation.
        }
        catch (ExecutionLimitExceededException e)
        {
            throw new StoreUnavailableException($"{e.Message} Try again later.", e);
        }
    }

    public Task<ExecutionDescription?> DescribeAsync(ExecutionId id, CancellationToken cancellationToken) =>
        Task.FromResult(identity.TryParse(id, out ExecutionKey key) && host().Describe(key) is { } found ? Describe(id, found) : null);

    public Task<IReadOnlyList<ExecutionDescription>> ListRunningAsync(string? machine, int most, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ExecutionDescription>>(
        [
            .. from summary in host().List(machine, RunnerStatus.Running).Take(most)
               let found = host().Describe(summary.Key)
               where found is not null
               select Describe(identity.IdOf(summary.Key), found),
        ]);

    public async Task StopAsync(ExecutionId id, string error, string cause, CancellationToken cancellationToken)
    {
        try
        {
            await host().StopAsync(Parse(id), error, cause, cancellationToken);
        }
        catch (ExecutionDoesNotExistException e)
        {
            throw new NotFoundException($"There is no execution {id} here.", e);
        }
    }

    public Task<int> ForgetEndedAsync(DateTimeOffset before, CancellationToken cancellationToken) => Task.FromResult(host().Purge(before));

    private static ExecutionDescription Describe(ExecutionId id, ExecutionDetails found) => new()
    {
        Id = id,
        Machine = found.Key.StateMachine,
        Name = found.Key.Name,
        Status = found.Status switch
        {
            RunnerStatus.Running => ExecutionStatus.Running,
            RunnerStatus.Succeeded => ExecutionStatus.Succeeded,
            RunnerStatus.TimedOut => ExecutionStatus.TimedOut,
            RunnerStatus.Aborted => ExecutionStatus.Aborted,
            _ => ExecutionStatus.Failed,
        },
        StartedAt = found.StartTime,
        EndedAt = found.StopTime,
        Input = found.Input?.GetRawText() ?? "null",
        State = found.State,
        Error = found.Error,
        Cause = found.Stalled ?? found.Cause,
    };

    private ExecutionKey Parse(ExecutionId id) => identity.TryParse(id, out ExecutionKey key)
        ? key
        : throw new NotFoundException($"{id} is not an execution of this machine.");
}
