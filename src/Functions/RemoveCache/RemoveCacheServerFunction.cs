using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;

namespace CacheBackup.Functions.RemoveCache;

/// <summary>Stops the server of a cache that a restore made, and removes its data.</summary>
public sealed class RemoveCacheServerFunction(Core.Operations.RemoveCache remove, TimeProvider time)
{
    [LambdaFunction(ResourceName = "RemoveCacheServer", MemorySize = 256, Timeout = 300)]
    public async Task HandleAsync(RemoveCacheServerInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        await remove.RemoveServerAsync(input.Job, deadline.Token);
    }
}
