using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Operations;

/// <summary>One round of a sweep: sees which verifications are over, and starts the next ones.</summary>
public sealed class ContinueVerifySweep(ServiceParts parts)
{
    /// <summary>Verifications at once: each reads a whole backup, and nobody waits for them.</summary>
    private const int AtOnce = 4;

    /// <summary>Rounds of one execution: about nine events each, of the 25,000 that its history holds.</summary>
    private const int MaxRounds = 2_000;

    /// <returns>Whether the execution is to take another round.</returns>
    /// <exception cref="NoLongerOwnerException">Another execution goes on with the sweep.</exception>
    public async Task<bool> RunAsync(VerifySweepJob job, CancellationToken cancellationToken)
    {
        (VerifySweep sweep, ObjectTag tag) = await SweepRecords.ReadAsync(parts.Store, job, cancellationToken);
        List<ExecutionId> running = [];
        foreach (ExecutionId execution in sweep.Running ?? [])
        {
            if (await parts.Executions.DescribeAsync(execution, cancellationToken) is { Status: ExecutionStatus.Running })
            {
                running.Add(execution);
            }
        }

        Queue<BackupName> queue = new(sweep.Queue ?? []);
        int started = sweep.Started;
        while (running.Count < AtOnce && queue.TryDequeue(out BackupName name))
        {
            if (await StartAsync(name, cancellationToken) is { } execution)
            {
                running.Add(execution);
                started++;
            }
        }

        bool isDone = queue.Count == 0 && running.Count == 0;
        VerifySweep next = sweep with
        {
            Queue = [.. queue],
            Running = running,
            Started = started,
            Rounds = sweep.Rounds + 1,
            DoneAt = isDone ? parts.Time.GetUtcNow() : null,
            Failure = isDone ? null : sweep.Failure,
        };
        await SweepRecords.WriteAsync(parts.Store, next, WriteCondition.Matches(tag), cancellationToken);
        return !isDone && next.Rounds < MaxRounds;
    }

    /// <summary>Null: the backup is gone, is going, or is being verified already.</summary>
    private async Task<ExecutionId?> StartAsync(BackupName name, CancellationToken cancellationToken)
    {
        try
        {
            Backup used = await new StartVerify(parts).RunAsync(name, cancellationToken);
            return used.Uses.Last(use => use.Kind == UseKind.Verify).Execution;
        }
        catch (Exception e) when (e is NotFoundException or CatalogConflictException or CatalogUnreadableException)
        {
            return null;
        }
    }
}
