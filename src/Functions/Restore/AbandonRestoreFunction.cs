using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Restore;

/// <summary>Ends a restore that did not come to its end.</summary>
public sealed class AbandonRestoreFunction(AbandonRestore abandon, TimeProvider time)
{
    [LambdaFunction(ResourceName = "AbandonRestore", MemorySize = 256, Timeout = 60)]
    public async Task HandleAsync(AbandonRestoreInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        await abandon.RunAsync(input.Job, input.Failure.ToCause(), deadline.Token);
    }
}
