using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Restore;

/// <summary>Sends one range of segments to the target.</summary>
public sealed class RestoreRangeFunction(RestoreWorkRange restore, TimeProvider time)
{
    [LambdaFunction(ResourceName = "RestoreRange", MemorySize = 1769, Timeout = 900)]
    public async Task HandleAsync(RestoreRangeInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        await restore.RunAsync(input.Job, input.Range, deadline.Token);
    }
}
