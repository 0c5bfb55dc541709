using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Restore;

/// <summary>Sees that the target is empty, and claims it.</summary>
public sealed class ClaimTargetFunction(ClaimTarget claim, TimeProvider time)
{
    [LambdaFunction(ResourceName = "ClaimTarget", MemorySize = 256, Timeout = 60)]
    public async Task HandleAsync(ClaimTargetInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        await claim.RunAsync(input.Job, deadline.Token);
    }
}
