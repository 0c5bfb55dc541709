using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Restore;

/// <summary>Refuses what cannot succeed, and plans the ranges.</summary>
public sealed class CheckRestoreFunction(CheckRestore check, TimeProvider time)
{
    [LambdaFunction(ResourceName = "CheckRestore", MemorySize = 512, Timeout = 60)]
    public async Task<CheckRestoreOutput> HandleAsync(CheckRestoreInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        RestoreWorkPlan plan = await check.RunAsync(input.Job, deadline.Token);
        return new CheckRestoreOutput(plan.Fill, plan.Ranges, plan.Concurrency, plan.Target);
    }
}
