using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Copy;

/// <summary>Sees that both records are still as the copy began with, and lists the shards.</summary>
public sealed class BeginCopyFunction(BeginCopy begin, TimeProvider time)
{
    private const int ShardsAtOnce = 8;

    [LambdaFunction(ResourceName = "BeginCopy", MemorySize = 256, Timeout = 60)]
    public async Task<BeginCopyOutput> HandleAsync(BeginCopyInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        IReadOnlyList<int> shards = await begin.RunAsync(input.Job, deadline.Token);
        return new BeginCopyOutput(shards, ShardsAtOnce);
    }
}
