using System.Text;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Operations;

/// <summary>
/// Which execution fills an endpoint of a user's. Two restores under two names could find it empty at the same moment; only one of them
/// gets this.
/// </summary>
internal sealed class EndpointClaim(IObjectStore store)
{
    private const int MaxRounds = 8;

    /// <param name="executions">Asked whether the holder of a claim is still at work: the only part that takes more than the store.</param>
    /// <exception cref="TargetNotEmptyException">Another restore is filling it.</exception>
    public async Task TakeAsync(CacheEndpoint endpoint, RestoreJob job, IExecutions executions, CancellationToken cancellationToken)
    {
        ObjectKey key = CatalogKeys.EndpointClaim(endpoint);
        byte[] mine = Encoding.ASCII.GetBytes(job.Execution.Value);
        WriteCondition condition = WriteCondition.Absent;
        for (int round = 0; round < MaxRounds; round++)
        {
            try
            {
                await store.PutAsync(key, mine, condition, cancellationToken);
                return;
            }
            catch (PreconditionFailedException)
            {
                if (await FindAsync(key, cancellationToken) is not { } other)
                {
                    condition = WriteCondition.Absent;
                    continue;
                }

                if (other.Execution == job.Execution)
                {
                    return;
                }

                await RequireEndedAsync(endpoint, other.Execution, executions, cancellationToken);
                condition = WriteCondition.Matches(other.Tag);
            }
        }

        throw new StoreUnavailableException($"Others claimed {endpoint} {MaxRounds} times in a row. Try again.");
    }

    /// <summary>Sees that the claim that was taken still stands. Asks the store alone, and so runs where nothing else can be reached.</summary>
    /// <exception cref="TargetNotEmptyException">Another restore holds it.</exception>
    /// <exception cref="CatalogConflictException">Nobody holds it.</exception>
    public async Task RequireAsync(CacheEndpoint endpoint, RestoreJob job, CancellationToken cancellationToken)
    {
        ExecutionId? holder = (await FindAsync(CatalogKeys.EndpointClaim(endpoint), cancellationToken))?.Execution;
        if (holder != job.Execution)
        {
            throw holder is { } other
                ? HeldBy(other, endpoint)
                : new CatalogConflictException($"{endpoint} was not claimed by this restore, or its claim was removed. Start the restore again.");
        }
    }

    /// <summary>Gives the claim back; another execution's is left alone.</summary>
    public async Task ReleaseAsync(CacheEndpoint endpoint, ExecutionId execution, CancellationToken cancellationToken)
    {
        ObjectKey key = CatalogKeys.EndpointClaim(endpoint);
        if ((await FindAsync(key, cancellationToken))?.Execution == execution)
        {
            await store.DeleteAsync(key, cancellationToken);
        }
    }

    private static async Task RequireEndedAsync(CacheEndpoint endpoint, ExecutionId other, IExecutions executions, CancellationToken cancellationToken)
    {
        // Another installation's executions cannot be asked after: they are taken for running.
        if (!executions.Knows(other) || await executions.DescribeAsync(other, cancellationToken) is { Status: ExecutionStatus.Running })
        {
            throw HeldBy(other, endpoint);
        }
    }

    private static TargetNotEmptyException HeldBy(ExecutionId other, CacheEndpoint endpoint) => new(
        $"{endpoint} is being filled by another restore (execution {other}). Wait until it is over, or name another endpoint.");

    private async Task<(ExecutionId Execution, ObjectTag Tag)?> FindAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        try
        {
            await using ObjectContent content = await store.GetAsync(key, null, cancellationToken);
            using StreamReader reader = new(content.Stream, Encoding.ASCII);
            return (new ExecutionId(await reader.ReadToEndAsync(cancellationToken)), content.Tag);
        }
        catch (ObjectNotFoundException)
        {
            return null;
        }
    }
}
