using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Restore;

/// <summary>Writes into the record where the cache is that ElastiCache has made.</summary>
public sealed class AdoptManagedCacheFunction(AdoptManagedCache adopt, TimeProvider time)
{
    [LambdaFunction(ResourceName = "AdoptManagedCache", MemorySize = 256, Timeout = 300)]
    public async Task HandleAsync(AdoptManagedCacheInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        await adopt.RunAsync(input.Job, deadline.Token);
    }
}
