using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Restore;

/// <summary>Makes the ElastiCache cache that a restore asks for.</summary>
public sealed class CreateManagedCacheFunction(CreateManagedCache create, TimeProvider time)
{
    [LambdaFunction(ResourceName = "CreateManagedCache", MemorySize = 256, Timeout = 900)]
    public async Task HandleAsync(CreateManagedCacheInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        await create.RunAsync(input.Job, deadline.Token);
    }
}
