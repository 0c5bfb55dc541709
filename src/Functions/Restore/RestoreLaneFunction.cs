using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Restore;

/// <summary>Sends the ranges of one lane to the target, as many as there is time for.</summary>
public sealed class RestoreLaneFunction(RestoreLane restore, TimeProvider time)
{
    [LambdaFunction(ResourceName = "RestoreLane", MemorySize = 1769, Timeout = 900)]
    public async Task<RestoreLaneOutput> HandleAsync(RestoreLaneInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        return new RestoreLaneOutput(input.Lane, await restore.RunAsync(input.Job, input.Lane, deadline.Ending, deadline.Token));
    }
}
