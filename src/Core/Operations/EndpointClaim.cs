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
internal sealed class EndpointClaim(IObjectStore store, IExecutions executions)
{
    private const int MaxRounds = 8;

    /// <exception cref="TargetNotEmptyException">Another restore is filling it.</exception>
    public async Task TakeAsync(CacheEndpoint endpoint, RestoreJob job, CancellationToken cancellationToken)
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

                await RequireEndedAsync(endpoint, other.Execution, cancellationToken);
                condition = WriteCondition.Matches(other.Tag);
            }
        }

        throw new StoreUnavailableException($"Others claimed {endpoint} {MaxRounds} times in a row. Try again.");
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

    private async Task RequireEndedAsync(CacheEndpoint endpoint, ExecutionId other, CancellationToken cancellationToken)
    {
        // Another installation's executions cannot be asked after: they are taken for running.
        if (!executions.Knows(other) || await executions.DescribeAsync(other, cancellationToken) is { Status: ExecutionStatus.Running })
        {
            throw new TargetNotEmptyException($"{endpoint} is being filled by another restore (execution {other}). Wait until it is over, or name another endpoint.");
        }
    }

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
