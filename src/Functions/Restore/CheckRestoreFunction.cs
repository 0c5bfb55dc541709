using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Restore;

/// <summary>Refuses what cannot succeed, and deals the work to lanes.</summary>
public sealed class CheckRestoreFunction(CheckRestore check, TimeProvider time)
{
    [LambdaFunction(ResourceName = "CheckRestore", MemorySize = 1024, Timeout = 300)]
    public async Task<CheckRestoreOutput> HandleAsync(CheckRestoreInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        RestoreWorkPlan plan = await check.RunAsync(input.Job, deadline.Token);
        return new CheckRestoreOutput(plan.Fill, plan.Lanes, plan.Concurrency, plan.Target, plan.Staged);
    }
}
