using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Restore;

/// <summary>Lays one shard's file into the exchange bucket.</summary>
public sealed class StageFileFunction(StageFile stage, TimeProvider time)
{
    [LambdaFunction(ResourceName = "StageFile", MemorySize = 1769, Timeout = 900)]
    public async Task HandleAsync(StageFileInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        await stage.RunAsync(input.Job, input.Shard, deadline.Token);
    }
}
