using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Purge;

/// <summary>Removes what broken-off jobs left, and what has had its time, a bounded part at a time.</summary>
public sealed class PurgeLeftoversFunction(PurgeLeftovers purge, TimeProvider time)
{
    [LambdaFunction(ResourceName = "PurgeLeftovers", MemorySize = 256, Timeout = 900)]
    public async Task<PurgeLeftoversOutput> HandleAsync(PurgeLeftoversInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        PurgeProgress progress = await purge.RunAsync(input.After, deadline.Token);
        return new PurgeLeftoversOutput(progress.After, progress.Done, progress.Removed);
    }
}
