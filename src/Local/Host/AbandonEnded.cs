using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Local.StateMachines;

namespace CacheBackup.Local.Host;

/// <summary>
/// Abandons what an execution left that failed, timed out or was stopped: the local stand-in of the EventBridge rule on the status of
/// executions.
/// </summary>
internal sealed class AbandonEnded(Func<ServiceParts> parts, Action<string> log) : IExecutionEnded
{
    public async Task OnEndedAsync(ExecutionEnded ended, CancellationToken cancellationToken)
    {
        log($"Execution {ended.Key} ended as {ended.Status}: {ended.Error}");
        ExecutionDescription? execution = await parts().Executions.DescribeAsync(new ExecutionId(ended.Id), cancellationToken);
        if (execution is not null)
        {
            await new RecoverOperations(parts()).AbandonAsync(execution, cancellationToken);
        }
    }
}
