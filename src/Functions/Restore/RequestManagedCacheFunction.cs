using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Restore;

/// <summary>Asks ElastiCache for the cache that a restore wants.</summary>
public sealed class RequestManagedCacheFunction(RequestManagedCache request, TimeProvider time)
{
    [LambdaFunction(ResourceName = "RequestManagedCache", MemorySize = 256, Timeout = 60)]
    public async Task<ManagedCacheOutput> HandleAsync(RequestManagedCacheInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        return ManagedCacheOutput.Of(await request.RunAsync(input.Job, deadline.Token));
    }
}
