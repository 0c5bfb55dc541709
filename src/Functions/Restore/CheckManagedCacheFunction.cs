using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Restore;

/// <summary>Says what has become of a cache that ElastiCache is to make.</summary>
public sealed class CheckManagedCacheFunction(CheckManagedCache check, TimeProvider time)
{
    [LambdaFunction(ResourceName = "CheckManagedCache", MemorySize = 256, Timeout = 300)]
    public async Task<ManagedCacheOutput> HandleAsync(CheckManagedCacheInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        return ManagedCacheOutput.Of(await check.RunAsync(input.Job, deadline.Token));
    }
}
