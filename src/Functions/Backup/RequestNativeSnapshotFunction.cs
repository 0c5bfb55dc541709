using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Backup;

/// <summary>Asks ElastiCache for a snapshot of its own.</summary>
public sealed class RequestNativeSnapshotFunction(RequestNativeSnapshot request, TimeProvider time)
{
    [LambdaFunction(ResourceName = "RequestNativeSnapshot", MemorySize = 256, Timeout = 60)]
    public async Task HandleAsync(RequestNativeSnapshotInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        await request.RunAsync(input.Job, deadline.Token);
    }
}
