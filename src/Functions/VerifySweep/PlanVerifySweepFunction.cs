using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.VerifySweep;

/// <summary>Looks through the backups and chooses which are verified.</summary>
public sealed class PlanVerifySweepFunction(PlanVerifySweep plan, TimeProvider time)
{
    [LambdaFunction(ResourceName = "PlanVerifySweep", MemorySize = 512, Timeout = 900)]
    public async Task<PlanVerifySweepOutput> HandleAsync(PlanVerifySweepInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        return new PlanVerifySweepOutput(await plan.RunAsync(input.Job, deadline.Token));
    }
}
