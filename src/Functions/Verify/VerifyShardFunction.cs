using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Verify;

/// <summary>Reads one shard's stored bytes back.</summary>
public sealed class VerifyShardFunction(VerifyShard verify, TimeProvider time)
{
    [LambdaFunction(ResourceName = "VerifyShard", MemorySize = 1769, Timeout = 900)]
    public async Task<VerifyShardOutput> HandleAsync(VerifyShardInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        await verify.RunAsync(input.Job, input.Shard, deadline.Token);
        return new VerifyShardOutput(input.Shard);
    }
}
