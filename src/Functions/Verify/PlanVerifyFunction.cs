using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Verify;

/// <summary>Sees that the backup is held for this execution, and lists its shards.</summary>
public sealed class PlanVerifyFunction(PlanVerify plan, TimeProvider time)
{
    // Lanes of an inline Map. The store serves as many at once; what is bounded is the account's concurrent functions.
    private const int ShardsAtOnce = 8;

    [LambdaFunction(ResourceName = "PlanVerify", MemorySize = 256, Timeout = 60)]
    public async Task<PlanVerifyOutput> HandleAsync(PlanVerifyInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        return new PlanVerifyOutput(await plan.RunAsync(input.Job, deadline.Token), ShardsAtOnce);
    }
}
