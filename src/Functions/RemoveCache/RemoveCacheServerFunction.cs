using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.RemoveCache;

/// <summary>
/// Stops the server of a cache that a restore made, and removes its data; of one that it made in ElastiCache it says what is still to be
/// done.
/// </summary>
public sealed class RemoveCacheServerFunction(Core.Operations.RemoveCache remove, TimeProvider time)
{
    [LambdaFunction(ResourceName = "RemoveCacheServer", MemorySize = 256, Timeout = 300)]
    public async Task<RemoveCacheServerOutput> HandleAsync(RemoveCacheServerInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        ServerRemoval removal = await remove.RemoveServerAsync(input.Job, input.Refusal?.ToCause(), deadline.Token);
        return new RemoveCacheServerOutput(removal.Step, removal.Resource);
    }
}
