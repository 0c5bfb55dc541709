using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.RemoveCache;

/// <summary>Reads one shard of a final backup back and compares every digest.</summary>
public sealed class VerifyFinalShardFunction(VerifyFinalBackup verify, TimeProvider time)
{
    [LambdaFunction(ResourceName = "VerifyFinalShard", MemorySize = 1769, Timeout = 900)]
    public async Task HandleAsync(VerifyFinalShardInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        await verify.RunAsync(input.Job, input.Shard, deadline.Token);
    }
}
