using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;

namespace CacheBackup.Functions.RemoveCache;

/// <summary>Removes a cache's record.</summary>
public sealed class RemoveCacheRecordFunction(Core.Operations.RemoveCache remove, TimeProvider time)
{
    [LambdaFunction(ResourceName = "RemoveCacheRecord", MemorySize = 256, Timeout = 60)]
    public async Task HandleAsync(RemoveCacheRecordInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        await remove.RemoveRecordAsync(input.Job, deadline.Token);
    }
}
