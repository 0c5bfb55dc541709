using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;

namespace CacheBackup.Functions.RemoveCache;

/// <summary>Lets a cache go whose final backup was read back.</summary>
public sealed class BeginRemovalFunction(Core.Operations.RemoveCache remove, TimeProvider time)
{
    [LambdaFunction(ResourceName = "BeginRemoval", MemorySize = 256, Timeout = 60)]
    public async Task HandleAsync(BeginRemovalInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        await remove.BeginAsync(input.Job, deadline.Token);
    }
}
