using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Recover;

/// <summary>
/// Abandons what an execution left that failed, timed out or was stopped: no state of a machine is the last word. Called by the rule on
/// the status of executions; what its Catch has abandoned already stays as it is.
/// </summary>
public sealed class AbandonExecutionFunction(ServiceParts parts)
{
    /// <exception cref="ExecutionStillRunningException">The end does not show yet: Lambda calls again.</exception>
    [LambdaFunction(ResourceName = "AbandonExecution", MemorySize = 256, Timeout = 300)]
    public async Task HandleAsync(AbandonExecutionInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, parts.Time);
        ExecutionId id = input.Detail.ExecutionArn;
        ExecutionDescription? execution = parts.Executions.Knows(id) ? await parts.Executions.DescribeAsync(id, deadline.Token) : null;
        if (execution is null)
        {
            context.Logger.LogWarning($"{id} is no execution of this service, or is forgotten: nothing was abandoned.");
            return;
        }

        if (execution.Status == ExecutionStatus.Running)
        {
            throw new ExecutionStillRunningException($"{id} ended as {input.Detail.Status}, and is described as running. Ask again in a minute.");
        }

        await new RecoverOperations(parts).AbandonAsync(execution, deadline.Token);
    }
}
