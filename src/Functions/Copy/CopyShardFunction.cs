using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Copy;

/// <summary>Copies one shard's data: by the store itself where it can.</summary>
public sealed class CopyShardFunction(CopyShard copy, TimeProvider time)
{
    [LambdaFunction(ResourceName = "CopyShard", MemorySize = 1769, Timeout = 900)]
    public async Task<CopyShardOutput> HandleAsync(CopyShardInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        await copy.RunAsync(input.Job, input.Shard, deadline.Token);
        return new CopyShardOutput(input.Shard);
    }
}
