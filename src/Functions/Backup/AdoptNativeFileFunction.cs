using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Backup;

/// <summary>Streams one file of the exchange bucket through the reader into the store.</summary>
public sealed class AdoptNativeFileFunction(AdoptNativeFile adopt, TimeProvider time)
{
    [LambdaFunction(ResourceName = "AdoptNativeFile", MemorySize = 1769, Timeout = 900)]
    public async Task<AdoptNativeFileOutput> HandleAsync(AdoptNativeFileInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        await adopt.RunAsync(input.Job, input.Shard, deadline.Token);
        return new AdoptNativeFileOutput(input.Shard);
    }
}
